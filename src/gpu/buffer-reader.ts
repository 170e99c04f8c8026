/**
 * Reads floats back from the GPU. Calls may overlap: each takes a staging buffer of its own, and buffers are used
 * again.
 */
export class BufferReader {
  readonly #device: GPUDevice;
  readonly #label: string;
  readonly #sizeBytes: number;
  readonly #free: GPUBuffer[] = [];
  readonly #all = new Set<GPUBuffer>();

  /** @param sizeBytes - Size of every buffer that will be read. */
  constructor(device: GPUDevice, label: string, sizeBytes: number) {
    this.#device = device;
    this.#label = label;
    this.#sizeBytes = sizeBytes;
  }

  /**
   * Copies `source` as it is now in queue order: it may be written again as soon as this returns its promise.
   * Rejects with AbortError if disposed meanwhile.
   */
  async read(source: GPUBuffer, target: Float32Array): Promise<void> {
    const staging = this.#free.pop() ?? this.#createStaging();
    const encoder = this.#device.createCommandEncoder({ label: this.#label });
    encoder.copyBufferToBuffer(source, 0, staging, 0, this.#sizeBytes);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    target.set(new Float32Array(staging.getMappedRange()));
    staging.unmap();
    this.#free.push(staging);
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.clear();
    this.#free.length = 0;
  }

  #createStaging(): GPUBuffer {
    const buffer = this.#device.createBuffer({
      label: this.#label,
      size: this.#sizeBytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    this.#all.add(buffer);
    return buffer;
  }
}
