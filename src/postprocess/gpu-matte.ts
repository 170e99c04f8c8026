import type { CommandBatch } from '../gpu/command-batch.ts';

/** As `Matte` in alpha-at.wgsl: size and state, and the region. */
const descriptionBytes = 32;

/** What turns the colours of one frame into alpha, on the GPU; see alpha-at.wgsl. */
export class GpuMatte {
  /** Room for as many as the mask has pixels or the fit has cells, 16 bytes each. */
  readonly coefficients: GPUBuffer;
  /** `Matte` of alpha-at.wgsl. */
  readonly description: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  #described = '';

  /** @param size - How many coefficients there may be. */
  constructor(device: GPUDevice, size: number, batch: CommandBatch) {
    this.#device = device;
    this.#batch = batch;
    this.coefficients = device.createBuffer({
      label: 'matte',
      size: 16 * size,
      usage: GPUBufferUsage.STORAGE,
    });
    this.description = device.createBuffer({
      label: 'matte description',
      size: descriptionBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /** Only a change is written, and after what was collected for the mask before. */
  describe(width: number, height: number, isRefined: boolean): void {
    const wanted = `${width} ${height} ${isRefined}`;
    if (wanted === this.#described) return;
    this.#described = wanted;
    this.#batch.submit();
    const words = new Uint32Array([width, height, Number(isRefined), 0]);
    this.#device.queue.writeBuffer(this.description, 0, words);
  }

  /** @param tracking - Begins with the region; see createTracking. */
  place(tracking: GPUBuffer): void {
    this.#batch.encoder.copyBufferToBuffer(tracking, 0, this.description, 16, 16);
  }

  destroy(): void {
    this.coefficients.destroy();
    this.description.destroy();
  }
}
