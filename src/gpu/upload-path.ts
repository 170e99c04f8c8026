import type { CommandBatch } from './command-batch.ts';

/**
 * One way to bring a video frame into a texture of `uploadFormat` with `uploadUsage()`: as premultiplied sRGB, upright and
 * cropped as it is displayed, stretched to the texture.
 */
export interface UploadPath {
  readonly name: string;
  /** Whether this way is open to such a frame. */
  accepts(frame: VideoFrame): boolean;
  /**
   * Its commands are in `batch` or on the queue by the time the promise resolves. The caller closes the frame, after the
   * promise has settled. Rejects where the browser cannot do it after all.
   */
  copy(frame: VideoFrame, texture: GPUTexture, batch: CommandBatch): Promise<void>;
}

/** What there is beside alpha: formats without it cover all that is behind. */
export function isOpaqueFormat(format: VideoPixelFormat | null): boolean {
  return format !== 'RGBA' && format !== 'BGRA' && !format?.endsWith('A');
}

const workgroupSidePx = 8;

/** Workgroups that cover a texture with the shaders of this folder. */
export function coverTexture({ width, height }: GPUTexture): [columns: number, rows: number] {
  return [Math.ceil(width / workgroupSidePx), Math.ceil(height / workgroupSidePx)];
}
