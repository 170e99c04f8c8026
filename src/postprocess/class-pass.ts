import type { CommandBatch } from '../gpu/command-batch.ts';
import type { ClassSelection, ModelOutput } from '../stage.ts';
import code from './classes.wgsl';
import { encodeMaskStore } from './mask-store.ts';

const workgroupSize = 64;

/** Keeps of a model's answer, whose buffer the next run overwrites, what is drawn and told of it. */
export class ClassPass {
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  readonly #output: ModelOutput;
  readonly #mask: GPUComputePipeline;
  readonly #both: GPUComputePipeline;
  readonly #weights: GPUBuffer;
  /** By mask, for {@link #groupedAnswer}: the group without and with categories. */
  #groups = new WeakMap<GPUBuffer, { mask?: GPUBindGroup; both?: GPUBindGroup }>();
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
   * @param mask - `[height, width] float32`, 0..1. Filled.
   * @param categories - `[height, width] float32`, indices of classes. Filled; null if they are not wanted.
   */
  encode(
    answer: GPUBuffer,
    mask: GPUBuffer,
    categories: GPUBuffer | null,
    { foreground }: ClassSelection,
  ): void {
    if (!categories && isForegroundItself(this.#output, foreground)) {
      encodeMaskStore(this.#batch.encoder, answer, mask);
      return;
    }
    this.#weigh(foreground);
    const pass = this.#batch.encoder.beginComputePass({ label: 'classes' });
    pass.setPipeline(categories ? this.#both : this.#mask);
    pass.setBindGroup(0, this.#groupOf(answer, mask, categories));
    pass.dispatchWorkgroups(...this.#spread());
    pass.end();
  }

  destroy(): void {
    this.#weights.destroy();
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

  /** A surface has one buffer for categories, once it has one. */
  #groupOf(answer: GPUBuffer, mask: GPUBuffer, categories: GPUBuffer | null): GPUBindGroup {
    if (answer !== this.#groupedAnswer) this.#groups = new WeakMap();
    this.#groupedAnswer = answer;
    const groups = this.#groups.get(mask) ?? {};
    this.#groups.set(mask, groups);
    const buffers = [answer, this.#weights, mask];
    if (!categories) return (groups.mask ??= this.#createGroup(this.#mask, buffers));
    return (groups.both ??= this.#createGroup(this.#both, [...buffers, categories]));
  }

  #createGroup(pipeline: GPUComputePipeline, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'classes',
      layout: pipeline.getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }

  /** Workgroups, of which a GPU takes only so many in one direction. */
  #spread(): [x: number, y: number] {
    const count = Math.ceil((this.#output.width * this.#output.height) / workgroupSize);
    const most = this.#device.limits.maxComputeWorkgroupsPerDimension;
    const rows = Math.ceil(count / most);
    return [Math.ceil(count / rows), rows];
  }
}

/** Whether the answer is the mask already. */
function isForegroundItself(
  { channels, kind }: ModelOutput,
  foreground: readonly number[],
): boolean {
  return channels === 1 && kind === 'probability' && foreground.join() === '1';
}
