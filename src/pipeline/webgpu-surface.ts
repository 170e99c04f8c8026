import { SegmenterError } from '../errors.ts';
import type { CommandBatch } from '../gpu/command-batch.ts';
import { uploadFormat, uploadUsage } from '../gpu/image-upload.ts';
import { createCategoryBuffer } from '../postprocess/class-pass.ts';
import { GpuMatte } from '../postprocess/gpu-matte.ts';
import { countCoefficients } from '../postprocess/matte-pass.ts';
import type { ModelSpec, Surface } from '../stage.ts';
import { assertFits } from './frame-size.ts';

/** A frame and its mask on the GPU. */
export class WebGpuSurface implements Surface {
  readonly matte: GpuMatte;
  hasMask = false;
  /** The frame's. */
  colorSpace: PredefinedColorSpace = 'srgb';
  readonly #device: GPUDevice;
  readonly #model: ModelSpec;
  #categories: GPUBuffer | undefined;
  readonly #batch: CommandBatch;
  #frame: GPUTexture | undefined;

  /** @param batch - Where commands on this surface are collected. */
  constructor(device: GPUDevice, model: ModelSpec, batch: CommandBatch) {
    this.#device = device;
    this.#model = model;
    this.#batch = batch;
    this.matte = new GpuMatte(device, countCoefficients(model), batch);
  }

  /** Like the mask, with indices of classes in it. Made when it is first asked for. */
  get categories(): GPUBuffer {
    return (this.#categories ??= createCategoryBuffer(this.#device, this.#model.output));
  }

  get width(): number {
    return this.#frame?.width ?? 0;
  }

  get height(): number {
    return this.#frame?.height ?? 0;
  }

  /** Premultiplied, in `colorSpace`. Throws before the first upload. */
  get frame(): GPUTexture {
    if (!this.#frame) throw new Error('Nothing was uploaded to this surface.');
    return this.#frame;
  }

  /** Makes room for a frame of this size. */
  async resize(width: number, height: number): Promise<GPUTexture> {
    if (this.#frame?.width === width && this.#frame.height === height) return this.#frame;
    this.#batch.submit();
    this.#frame?.destroy();
    this.#frame = undefined;
    const frame = await createFrameTexture(this.#device, 'frame', width, height);
    this.#frame = frame;
    return frame;
  }

  destroy(): void {
    this.#batch.submit();
    this.#frame?.destroy();
    this.matte.destroy();
    this.#categories?.destroy();
  }
}

/** A texture to upload to. Rejects with `out-of-memory` where the GPU has no room for it. The caller destroys it. */
export async function createFrameTexture(
  device: GPUDevice,
  label: string,
  width: number,
  height: number,
): Promise<GPUTexture> {
  assertFits({ width, height }, device.limits.maxTextureDimension2D);
  device.pushErrorScope('out-of-memory');
  const texture = device.createTexture({
    label,
    format: uploadFormat,
    size: [width, height],
    usage: uploadUsage(),
  });
  const error = await device.popErrorScope();
  if (!error) return texture;
  texture.destroy();
  throw new SegmenterError(
    'out-of-memory',
    `The GPU has no memory for a frame of ${width}x${height}. Use a smaller source.`,
    { cause: error },
  );
}
