import { hasExternalTextures } from '../util/browser.ts';
import type { CommandBatch } from './command-batch.ts';
import { ExternalUpload } from './external-upload.ts';
import { BitmapUpload, copyBitmap, CopyUpload } from './image-upload.ts';
import { PlanesUpload } from './planes-upload.ts';
import { UploadChoice } from './upload-choice.ts';
import { recallUpload, rememberUpload } from './upload-memory.ts';
import type { UploadPath } from './upload-path.ts';

/**
 * Brings pictures into textures by the way that is fastest on this device: tries those that are open to a kind of frame on
 * its first frames, and remembers. Which one that is differs by far between GPUs.
 */
export class FrameUpload {
  readonly #device: GPUDevice;
  readonly #planes: PlanesUpload;
  readonly #paths: readonly UploadPath[];
  /** By kind of frame. */
  readonly #choices = new Map<string, Promise<UploadChoice>>();
  readonly #adapterName: string;
  readonly #batch: CommandBatch;
  /** One after the other: what a way keeps serves one frame at a time. */
  #last: Promise<unknown> = Promise.resolve();

  /**
   * @param adapterName - What is found out is remembered for this adapter; empty: nothing is.
   * @param batch - Where commands are collected; the caller submits.
   */
  constructor(device: GPUDevice, adapterName: string, batch: CommandBatch) {
    const { queue } = device;
    this.#device = device;
    this.#adapterName = adapterName;
    this.#batch = batch;
    this.#planes = new PlanesUpload(device);
    this.#paths = [
      this.#planes,
      ...(hasExternalTextures(device) ? [new ExternalUpload(device)] : []),
      new CopyUpload(queue),
      // Last, for it always works.
      new BitmapUpload(queue),
    ];
  }

  /**
   * Copies `image` into all of `texture`, which has its display size. The caller closes the image, after the
   * promise has settled.
   *
   * @param colorSpace - Of a bitmap in the texture; a frame is always sRGB there.
   */
  copy(
    image: VideoFrame | ImageBitmap,
    texture: GPUTexture,
    colorSpace: PredefinedColorSpace = 'srgb',
  ): Promise<void> {
    const done = this.#last.then(() =>
      image instanceof VideoFrame
        ? this.#copyFrame(image, texture)
        : copyBitmap(this.#device.queue, image, texture, colorSpace),
    );
    this.#last = done.catch(() => {});
    return done;
  }

  destroy(): void {
    this.#planes.destroy();
  }

  async #copyFrame(image: VideoFrame, texture: GPUTexture): Promise<void> {
    const kind = describeFrameKind(image);
    const choice = await this.#choiceFor(kind, image);
    for (;;) {
      const path = this.#paths.find(({ name }) => name === choice.next) as UploadPath;
      try {
        if (choice.isDecided) await path.copy(image, texture, this.#batch);
        else await this.#try(path, choice, kind, image, texture);
        return;
      } catch (error) {
        // A frame without a size was closed: no other way would do.
        if (path.name === 'bitmap' || image.displayWidth === 0) throw error;
        choice.exclude(path.name);
      }
    }
  }

  async #try(
    path: UploadPath,
    choice: UploadChoice,
    kind: string,
    frame: VideoFrame,
    texture: GPUTexture,
  ): Promise<void> {
    const { queue } = this.#device;
    // What else the GPU has to do is not to count.
    this.#batch.submit();
    await queue.onSubmittedWorkDone();
    const startedAtMs = performance.now();
    await path.copy(frame, texture, this.#batch);
    this.#batch.submit();
    await queue.onSubmittedWorkDone();
    choice.record(path.name, performance.now() - startedAtMs);
    if (choice.isDecided) rememberUpload(this.#adapterName, kind, choice.next);
  }

  #choiceFor(kind: string, frame: VideoFrame): Promise<UploadChoice> {
    const known = this.#choices.get(kind);
    if (known) return known;
    const open = this.#paths.filter((path) => path.accepts(frame)).map(({ name }) => name);
    const choice = recallUpload(this.#adapterName, kind).then(
      // What was remembered may fail today; then there is still the one that always works.
      (name) =>
        new UploadChoice(
          open,
          open.find((candidate) => candidate === name),
        ),
    );
    this.#choices.set(kind, choice);
    return choice;
  }
}

/** Frames of one kind take the same ways, at the same speed. */
export function describeFrameKind({
  format,
  displayWidth,
  displayHeight,
  colorSpace,
}: VideoFrame): string {
  const { primaries, transfer, matrix } = colorSpace;
  const parts = [format, `${displayWidth}x${displayHeight}`, primaries, transfer, matrix];
  return parts.map(String).join(' ');
}
