import type { UploadPath } from './upload-path.ts';

/** Formats and usages a texture needs to be uploaded to. */
export const uploadFormat: GPUTextureFormat = 'rgba8unorm';

/** Usage flags of a texture that is uploaded to and then sampled. */
export function uploadUsage(): GPUTextureUsageFlags {
  // The platform copies with a render pass where it has to convert; our own passes write to storage.
  const { COPY_DST, RENDER_ATTACHMENT, STORAGE_BINDING, TEXTURE_BINDING } = GPUTextureUsage;
  return COPY_DST | RENDER_ATTACHMENT | STORAGE_BINDING | TEXTURE_BINDING;
}

/** Copies a bitmap into all of `texture`, premultiplied, in this colour space. The caller closes the bitmap. */
export function copyBitmap(
  queue: GPUQueue,
  bitmap: ImageBitmap,
  texture: GPUTexture,
  colorSpace: PredefinedColorSpace = 'srgb',
): void {
  try {
    copyImage(queue, bitmap, texture, colorSpace);
  } catch {
    // Chromium has no way for 16 bits a colour.
    const narrow = toEightBits(bitmap, colorSpace);
    copyImage(queue, narrow, texture, colorSpace);
    narrow.close();
  }
}

function toEightBits(bitmap: ImageBitmap, colorSpace: PredefinedColorSpace): ImageBitmap {
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  canvas.getContext('2d', { colorSpace })?.drawImage(bitmap, 0, 0);
  return canvas.transferToImageBitmap();
}

/** Throws TypeError or OperationError where the browser cannot do it. */
function copyImage(
  queue: GPUQueue,
  source: VideoFrame | ImageBitmap,
  texture: GPUTexture,
  colorSpace: PredefinedColorSpace = 'srgb',
): void {
  queue.copyExternalImageToTexture({ source }, { texture, premultipliedAlpha: true, colorSpace }, [
    texture.width,
    texture.height,
  ]);
}

/** Lets the browser copy the frame. Chromium applies rotation, visibleRect and display size; Firefox takes no frames. */
export class CopyUpload implements UploadPath {
  readonly name = 'copy';
  readonly #queue: GPUQueue;

  constructor(queue: GPUQueue) {
    this.#queue = queue;
  }

  accepts(): boolean {
    return true;
  }

  // `async` turns what is thrown into a rejection.
  async copy(frame: VideoFrame, texture: GPUTexture): Promise<void> {
    copyImage(this.#queue, frame, texture);
    return Promise.resolve();
  }
}

/** By way of an ImageBitmap, which every browser takes. */
export class BitmapUpload implements UploadPath {
  readonly name = 'bitmap';
  readonly #queue: GPUQueue;

  constructor(queue: GPUQueue) {
    this.#queue = queue;
  }

  accepts(): boolean {
    return true;
  }

  async copy(frame: VideoFrame, texture: GPUTexture): Promise<void> {
    const bitmap = await toDisplayedBitmap(frame);
    try {
      copyBitmap(this.#queue, bitmap, texture);
    } finally {
      bitmap.close();
    }
  }
}

/** The frame as it is displayed. The caller closes it. */
async function toDisplayedBitmap(frame: VideoFrame): Promise<ImageBitmap> {
  const { displayWidth, displayHeight } = frame;
  const bitmap = await createImageBitmap(frame);
  if (bitmap.width === displayWidth && bitmap.height === displayHeight) return bitmap;
  // Chromium without a GPU ignores the rotation here, but not in drawImage.
  bitmap.close();
  const canvas = new OffscreenCanvas(displayWidth, displayHeight);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, displayWidth, displayHeight);
  return canvas.transferToImageBitmap();
}
