import type { CommandBatch } from '../gpu/command-batch.ts';
import type { ClassSelection, ModelOutput } from '../stage.ts';
import code from './classes.wgsl';
import { spreadWorkgroups } from '../gpu/spread-workgroups.ts';

const workgroupSize = 64;

/** Indices of classes on the GPU: `[height, width] float32`, row-major. The caller destroys it. */
export function createCategoryBuffer(device: GPUDevice, output: ModelOutput): GPUBuffer {
  return device.createBuffer({
    label: 'categories',
    size: 4 * output.width * output.height,
    usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
  });
}

/** Makes of a model's answer a mask, and where it is wanted a map of classes. */
export class ClassPass {
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  readonly #output: ModelOutput;
  readonly #mask: GPUComputePipeline;
  readonly #both: GPUComputePipeline;
  readonly #weights: GPUBuffer;
  /** `[height, width] float32`, 0..1. Made when it is first needed. */
  #reduced: GPUBuffer | undefined;
  /** By categories, or by the mask where there are none, for {@link #groupedAnswer}. */
  #groups = new WeakMap<GPUBuffer, GPUBindGroup>();
  #groupedAnswer: GPUBuffer | undefined;
  #foreground: readonly number[] = [];

  /** @param batch - Where commands are collected. */
  static async create(
    device: GPUDevice,
    output: ModelOutput,
    batch: CommandBatch,
  ): Promise<ClassPass> {
    const module = device.createShaderModule({ label: 'classes.wgsl', code });
    const create = (entryPoint: string): Promise<GPUComputePipeline> =>
      device.createComputePipelineAsync({
        label: entryPoint,
        layout: 'auto',
        compute: {
          module,
          entryPoint,
          constants: {
            pixels: output.width * output.height,
            channels: output.channels,
            isPlanar: Number(output.layout === 'nchw'),
            isLogits: Number(output.kind === 'logits'),
            isCategories: Number(output.kind === 'categories'),
          },
        },
      });
    const [mask, both] = await Promise.all([create('reduce'), create('reduceAndCategorize')]);
    return new ClassPass(device, batch, output, mask, both);
  }

  private constructor(
    device: GPUDevice,
    batch: CommandBatch,
    output: ModelOutput,
    mask: GPUComputePipeline,
    both: GPUComputePipeline,
  ) {
    this.#device = device;
    this.#batch = batch;
    this.#output = output;
    this.#mask = mask;
    this.#both = both;
    this.#weights = device.createBuffer({
      label: 'class weights',
      size: 4 * output.classes.length,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
    });
  }

  /**
   * @param answer - As {@link ModelOutput} says.
   * @param categories - `[height, width] float32`, indices of classes. Filled; null if they are not wanted.
   * @returns `[height, width] float32`, 0..1: the answer itself, where it is that, or a buffer that the next call fills anew.
   */
  encode(
    answer: GPUBuffer,
    categories: GPUBuffer | null,
    { foreground }: ClassSelection,
  ): GPUBuffer {
    if (!categories && isForegroundItself(this.#output, foreground)) return answer;
    this.#reduced ??= this.#device.createBuffer({
      label: 'reduced mask',
      size: 4 * this.#output.width * this.#output.height,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC,
    });
    this.#weigh(foreground);
    const pass = this.#batch.encoder.beginComputePass({ label: 'classes' });
    pass.setPipeline(categories ? this.#both : this.#mask);
    pass.setBindGroup(0, this.#groupOf(answer, this.#reduced, categories));
    const count = Math.ceil((this.#output.width * this.#output.height) / workgroupSize);
    pass.dispatchWorkgroups(...spreadWorkgroups(this.#device, count));
    pass.end();
    return this.#reduced;
  }

  destroy(): void {
    this.#weights.destroy();
    this.#reduced?.destroy();
  }

  /** Only a change is written, and after what was collected for the choice before. */
  #weigh(foreground: readonly number[]): void {
    if (foreground === this.#foreground) return;
    this.#foreground = foreground;
    const weights = new Float32Array(this.#output.classes.length);
    for (const index of foreground) weights[index] = 1;
    this.#batch.submit();
    this.#device.queue.writeBuffer(this.#weights, 0, weights);
  }

  #groupOf(answer: GPUBuffer, mask: GPUBuffer, categories: GPUBuffer | null): GPUBindGroup {
    if (answer !== this.#groupedAnswer) this.#groups = new WeakMap();
    this.#groupedAnswer = answer;
    const key = categories ?? mask;
    const known = this.#groups.get(key);
    if (known) return known;
    const buffers = [answer, this.#weights, mask];
    const group = categories
      ? this.#createGroup(this.#both, [...buffers, categories])
      : this.#createGroup(this.#mask, buffers);
    this.#groups.set(key, group);
    return group;
  }

  #createGroup(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'classes',
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }
}

/** Whether the answer is the mask already. */
function isForegroundItself(
  { channels, kind }: ModelOutput,
  foreground: readonly number[],
): boolean {
  return channels === 1 && kind === 'probability' && foreground.join() === '1';
}
