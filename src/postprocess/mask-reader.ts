import type { CommandBatch } from '../gpu/command-batch.ts';
import type { MaskPixels, MaskReading, ModelOutput } from '../stage.ts';
import alphaAt from './alpha-at.wgsl';
import categoryCode from './category-output.wgsl';
import type { GpuMatte } from './gpu-matte.ts';
import outputCode from './mask-output.wgsl';
import { spreadWorkgroups } from '../gpu/spread-workgroups.ts';

const workgroupSize = 64;
const uniformBytes = 16;

/** A buffer that the CPU reads, while the GPU may already fill another. */
interface Staging {
  readonly buffer: GPUBuffer;
  readonly sizeBytes: number;
}

/**
 * Reads masks back from the GPU, resized there and as small as they serve: a byte a pixel unless floats are wanted. Calls may
 * overlap: each takes a staging buffer of its own, and buffers are used again.
 */
export class MaskReader {
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  readonly #layout: GPUBindGroupLayout;
  readonly #bytes: GPUComputePipeline;
  readonly #floats: GPUComputePipeline;
  readonly #categories: GPUComputePipeline;
  readonly #uniform: GPUBuffer;
  readonly #free: Staging[] = [];
  readonly #all = new Set<GPUBuffer>();
  /** By frame, or by map of classes; all of them write to the same buffer. */
  #groups = new WeakMap<GPUTexture | GPUBuffer, GPUBindGroup>();
  #result: GPUBuffer | undefined;
  #last = '';

  static async create(
    device: GPUDevice,
    output: ModelOutput,
    batch: CommandBatch,
  ): Promise<MaskReader> {
    const code = alphaAt + outputCode;
    const { COMPUTE: visibility } = GPUShaderStage;
    const layout = device.createBindGroupLayout({
      label: 'mask output',
      entries: [
        { binding: 0, visibility, texture: {} },
        { binding: 1, visibility, buffer: { type: 'read-only-storage' } },
        { binding: 2, visibility, buffer: {} },
        { binding: 3, visibility, buffer: {} },
        { binding: 4, visibility, buffer: { type: 'storage' } },
      ],
    });
    const module = device.createShaderModule({ label: 'mask-output.wgsl', code });
    const create = (entryPoint: string): Promise<GPUComputePipeline> =>
      device.createComputePipelineAsync({
        label: entryPoint,
        layout: device.createPipelineLayout({ label: entryPoint, bindGroupLayouts: [layout] }),
        compute: {
          module,
          entryPoint,
        },
      });
    const [bytes, floats, categories] = await Promise.all([
      create('writeBytes'),
      create('writeFloats'),
      device.createComputePipelineAsync({
        label: 'writeCategories',
        layout: 'auto',
        compute: {
          module: device.createShaderModule({ label: 'category-output.wgsl', code: categoryCode }),
          constants: { maskWidth: output.width, maskHeight: output.height },
        },
      }),
    ]);
    return new MaskReader(device, batch, layout, bytes, floats, categories);
  }

  private constructor(
    device: GPUDevice,
    batch: CommandBatch,
    layout: GPUBindGroupLayout,
    bytes: GPUComputePipeline,
    floats: GPUComputePipeline,
    categories: GPUComputePipeline,
  ) {
    this.#device = device;
    this.#batch = batch;
    this.#layout = layout;
    this.#bytes = bytes;
    this.#floats = floats;
    this.#categories = categories;
    this.#uniform = device.createBuffer({
      label: 'mask reading',
      size: uniformBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * Reads the mask of `frame` as it is now in queue order: both may be written again as soon as this returns its promise. Submits.
   * The pixels are the caller's. Rejects with AbortError if disposed meanwhile.
   */
  read(frame: GPUTexture, matte: GpuMatte, reading: MaskReading): Promise<MaskPixels> {
    const pipeline = reading.values === 'floats' ? this.#floats : this.#bytes;
    return this.#run(pipeline, reading, (result) => this.#groupOf(frame, matte, result));
  }

  /** Reads indices of classes in the same manner, a byte each. */
  readCategories(
    categories: GPUBuffer,
    matte: GpuMatte,
    reading: MaskReading,
  ): Promise<MaskPixels> {
    return this.#run(this.#categories, reading, (result) => {
      const known = this.#groups.get(categories);
      if (known) return known;
      const group = this.#device.createBindGroup({
        label: 'category output',
        layout: this.#categories.getBindGroupLayout(0),
        entries: [categories, this.#uniform, matte.description, result].map((buffer, binding) => ({
          binding,
          resource: { buffer },
        })),
      });
      this.#groups.set(categories, group);
      return group;
    });
  }

  async #run(
    pipeline: GPUComputePipeline,
    reading: MaskReading,
    groupOf: (result: GPUBuffer) => GPUBindGroup,
  ): Promise<MaskPixels> {
    const { width, height, values } = reading;
    const pixels = width * height;
    const isFloats = values === 'floats';
    const words = isFloats ? pixels : Math.ceil(pixels / 4);
    const sizeBytes = 4 * words;
    const result = this.#resultOf(sizeBytes);
    const staging = this.#takeStaging(sizeBytes);
    this.#describe(reading);
    const { encoder } = this.#batch;
    const pass = encoder.beginComputePass({ label: 'mask output' });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, groupOf(result));
    pass.dispatchWorkgroups(...spreadWorkgroups(this.#device, Math.ceil(words / workgroupSize)));
    pass.end();
    encoder.copyBufferToBuffer(result, 0, staging.buffer, 0, sizeBytes);
    this.#batch.submit();
    await staging.buffer.mapAsync(GPUMapMode.READ, 0, sizeBytes);
    const mapped = staging.buffer.getMappedRange(0, sizeBytes);
    const found = isFloats
      ? new Float32Array(mapped).slice()
      : new Uint8Array(mapped, 0, pixels).slice();
    staging.buffer.unmap();
    this.#free.push(staging);
    return found;
  }

  dispose(): void {
    for (const buffer of this.#all) buffer.destroy();
    this.#all.clear();
    this.#free.length = 0;
    this.#result?.destroy();
    this.#uniform.destroy();
  }

  /** Only a change is written, and after what was collected for the reading before. */
  #describe({ width, height, values, threshold }: MaskReading): void {
    const key = [width, height, values, threshold].join();
    if (key === this.#last) return;
    this.#last = key;
    const bytes = new ArrayBuffer(uniformBytes);
    new Uint32Array(bytes).set([width, height, Number(values === 'classes')]);
    new Float32Array(bytes)[3] = threshold;
    this.#device.queue.writeBuffer(this.#uniform, 0, bytes);
  }

  #resultOf(sizeBytes: number): GPUBuffer {
    if (this.#result && this.#result.size >= sizeBytes) return this.#result;
    this.#result?.destroy();
    this.#groups = new WeakMap();
    this.#result = this.#device.createBuffer({
      label: 'mask output',
      size: sizeBytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    return this.#result;
  }

  #groupOf(frame: GPUTexture, matte: GpuMatte, result: GPUBuffer): GPUBindGroup {
    const known = this.#groups.get(frame);
    if (known) return known;
    const buffers = [matte.coefficients, matte.description, this.#uniform, result];
    const group = this.#device.createBindGroup({
      label: 'mask output',
      layout: this.#layout,
      entries: [
        { binding: 0, resource: frame.createView() },
        ...buffers.map((buffer, i) => ({ binding: i + 1, resource: { buffer } })),
      ],
    });
    this.#groups.set(frame, group);
    return group;
  }

  /** One that is large enough; those that are not were of another size of masks. */
  #takeStaging(sizeBytes: number): Staging {
    for (;;) {
      const staging = this.#free.pop();
      if (!staging) break;
      if (staging.sizeBytes >= sizeBytes) return staging;
      this.#all.delete(staging.buffer);
      staging.buffer.destroy();
    }
    const buffer = this.#device.createBuffer({
      label: 'mask read-back',
      size: sizeBytes,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    this.#all.add(buffer);
    return { buffer, sizeBytes };
  }
}
