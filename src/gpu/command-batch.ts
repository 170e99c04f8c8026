/**
 * Collects what is to run in one submit: each costs the browser's GPU process more than the recording does. Whoever needs
 * the work on the queue submits, and with it all that was collected before.
 */
export class CommandBatch {
  readonly #device: GPUDevice;
  #encoder: GPUCommandEncoder | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
  }

  /** For the next commands in order. Not to be kept, and not to be finished. */
  get encoder(): GPUCommandEncoder {
    return (this.#encoder ??= this.#device.createCommandEncoder({ label: 'frame' }));
  }

  /** Before anything is destroyed or written by the queue that collected commands use. */
  submit(): void {
    const encoder = this.#encoder;
    if (!encoder) return;
    this.#encoder = undefined;
    this.#device.queue.submit([encoder.finish()]);
  }
}
