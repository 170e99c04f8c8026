/** What can be copied into a texture. */
type Image = VideoFrame | ImageBitmap;

/** Formats and usages a texture needs to be written by {@link ImageUpload}. */
export const uploadFormat: GPUTextureFormat = 'rgba8unorm';

/** Usage flags of a texture that is uploaded to and then sampled. */
export function uploadUsage(): GPUTextureUsageFlags {
  // The platform copies with a render pass where it has to convert.
  return (
    GPUTextureUsage.COPY_DST | GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING
  );
}

/**
 * Copies images into textures as premultiplied sRGB, upright and cropped as they are displayed.
 * Finds out by trying whether this browser copies VideoFrames, and remembers.
 */
export class ImageUpload {
  readonly #queue: GPUQueue;
  #copiesVideoFrames = true;

  constructor(queue: GPUQueue) {
    this.#queue = queue;
  }

  /**
   * Copies `image` into all of `texture`, which has its display size. The caller closes the image, after the
   * promise has settled.
   */
  async copy(image: Image, texture: GPUTexture): Promise<void> {
    if (!(image instanceof VideoFrame)) {
      this.#copy(image, texture);
      return;
    }
    if (this.#copiesVideoFrames) {
      try {
        // Chromium applies rotation, visibleRect and display size here.
        this.#copy(image, texture);
        return;
      } catch (error) {
        if (!isUnsupportedCopy(error)) throw error;
        this.#copiesVideoFrames = false;
      }
    }
    const bitmap = await toDisplayedBitmap(image);
    try {
      this.#copy(bitmap, texture);
    } finally {
      bitmap.close();
    }
  }

  #copy(source: Image, texture: GPUTexture): void {
    this.#queue.copyExternalImageToTexture(
      { source },
      { texture, premultipliedAlpha: true, colorSpace: 'srgb' },
      [texture.width, texture.height],
    );
  }
}

/** TypeError: Firefox takes no VideoFrame. OperationError: the GPU cannot import this one's memory. */
function isUnsupportedCopy(error: unknown): boolean {
  return (
    error instanceof TypeError || (error instanceof DOMException && error.name === 'OperationError')
  );
}

/** The frame as it is displayed. The caller closes it. */
export async function toDisplayedBitmap(frame: VideoFrame): Promise<ImageBitmap> {
  const { displayWidth, displayHeight } = frame;
  const bitmap = await createImageBitmap(frame);
  if (bitmap.width === displayWidth && bitmap.height === displayHeight) return bitmap;
  // Chromium without a GPU ignores the rotation here, but not in drawImage.
  bitmap.close();
  const canvas = new OffscreenCanvas(displayWidth, displayHeight);
  canvas.getContext('2d')?.drawImage(frame, 0, 0, displayWidth, displayHeight);
  return canvas.transferToImageBitmap();
}
