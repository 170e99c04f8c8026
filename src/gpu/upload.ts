/** What can be copied into a texture. */
export type Picture = VideoFrame | ImageBitmap;

/** Copies pictures into textures, by the shorter way where the browser has it. */
export class Uploader {
  readonly #device: GPUDevice;
  /** Firefox has no copies of VideoFrames, and some drivers refuse them. */
  #copiesVideoFrames = true;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** A texture that {@link copy} can write and shaders can read: premultiplied sRGB, 8 bit. The caller destroys it. */
  createTexture(label: string, width: number, height: number): GPUTexture {
    return this.#device.createTexture({
      label,
      size: [width, height],
      format: 'rgba8unorm',
      usage:
        GPUTextureUsage.TEXTURE_BINDING |
        GPUTextureUsage.COPY_DST |
        GPUTextureUsage.RENDER_ATTACHMENT,
    });
  }

  /** The picture stays the caller's, who may close it once the promise has resolved. */
  async copy(picture: Picture, texture: GPUTexture): Promise<void> {
    if ('displayWidth' in picture) {
      if (this.#copiesVideoFrames && isPlain(picture) && this.#copyDirectly(picture, texture))
        return;
      const bitmap = await createImageBitmap(picture);
      this.#copyNow(bitmap, texture);
      bitmap.close();
    } else {
      this.#copyNow(picture, texture);
    }
  }

  #copyDirectly(frame: VideoFrame, texture: GPUTexture): boolean {
    try {
      this.#copyNow(frame, texture);
      return true;
    } catch (error) {
      const name = error instanceof Error ? error.name : '';
      if (name !== 'TypeError' && name !== 'OperationError') throw error;
      this.#copiesVideoFrames = false;
      return false;
    }
  }

  #copyNow(source: Picture, texture: GPUTexture): void {
    this.#device.queue.copyExternalImageToTexture(
      { source },
      { texture, premultipliedAlpha: true },
      [texture.width, texture.height],
    );
  }
}

/** Whether the frame's pixels are what is shown: not turned, mirrored, or of another aspect. */
function isPlain(frame: VideoFrame): boolean {
  const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
  const { visibleRect, displayWidth, displayHeight } = frame;
  return (
    rotation === 0 &&
    !flip &&
    visibleRect?.width === displayWidth &&
    visibleRect.height === displayHeight
  );
}
