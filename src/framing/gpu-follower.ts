import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import type { CommandBatch } from '../gpu/command-batch.ts';
import type { ModelOutput, ModelSpec } from '../stage.ts';
import boundsCode from './bounds.wgsl';
import {
  aspectOf,
  leastPeople,
  leastProbability,
  margin,
  mostStretch,
  slackShare,
  snapShare,
} from './follow-people.ts';
import followCode from './follow.wgsl';
import { spreadWorkgroups } from '../gpu/spread-workgroups.ts';

/** As `Bounds` in bounds.wgsl. */
const boundsBytes = 4 * 6;

interface Pipelines {
  readonly find: GPUComputePipeline;
  readonly follow: GPUComputePipeline;
}

/** Follows the people of a stream from frame to frame, by masks on the GPU and without reading them back. The twin of PeopleFollower. */
export class GpuFollower {
  readonly #device: GPUDevice;
  readonly #batch: CommandBatch;
  readonly #pipelines: Pipelines;
  readonly #tracking: GPUBuffer;
  readonly #found: GPUBuffer;
  readonly #looked: GPUBuffer;
  readonly #noChange: GPUBuffer;
  readonly #followGroups: BindGroupCache;
  readonly #findGroups = new WeakMap<GPUBuffer, GPUBindGroup>();
  readonly #firstGroups = new WeakMap<GPUBuffer, GPUBindGroup>();
  readonly #lookGroups = new WeakMap<GPUBuffer, GPUBindGroup>();
  readonly #workgroups: readonly [x: number, y: number];

  /** @param cutChange - Mean change of a picture, 0..1, from which on it shows another scene. */
  static async createPipelines(
    device: GPUDevice,
    { input, output: { width, height } }: ModelSpec,
    cutChange: number,
  ): Promise<Pipelines> {
    const mask = { maskWidth: width, maskHeight: height };
    const create = (label: string, code: string, constants: Record<string, number>) =>
      device.createComputePipelineAsync({
        label,
        layout: 'auto',
        compute: { module: device.createShaderModule({ label: `${label}.wgsl`, code }), constants },
      });
    const rule = {
      margin,
      snapShare,
      slackShare,
      mostStretch,
      leastPeople,
      aspect: aspectOf(input),
    };
    const [find, follow] = await Promise.all([
      create('bounds', boundsCode, { ...mask, leastProbability, cutChange }),
      create('follow', followCode, { ...mask, ...rule }),
    ]);
    return { find, follow };
  }

  /**
   * @param tracking - What {@link createTracking} gave: the caller's.
   * @param batch - Where commands are collected.
   */
  constructor(
    device: GPUDevice,
    output: ModelOutput,
    pipelines: Pipelines,
    tracking: GPUBuffer,
    batch: CommandBatch,
  ) {
    this.#device = device;
    this.#batch = batch;
    this.#pipelines = pipelines;
    this.#tracking = tracking;
    const create = (label: string, size: number): GPUBuffer =>
      device.createBuffer({
        label,
        size,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      });
    this.#found = create('found people', boundsBytes);
    this.#looked = create('people seen by looking around', boundsBytes);
    this.#noChange = create('no change', 4);
    this.#followGroups = new BindGroupCache(
      device,
      'follow',
      pipelines.follow.getBindGroupLayout(0),
    );
    const count = Math.ceil((output.width * output.height) / 64);
    this.#workgroups = spreadWorkgroups(device, count);
  }

  /** Decides which part of `frame` the model is to see, into the tracking buffer. */
  follow(frame: GPUTexture): void {
    const group = this.#followGroups.get(frame, () => [
      frame.createView(),
      { buffer: this.#found },
      { buffer: this.#looked },
      { buffer: this.#tracking },
    ]);
    this.#run(this.#pipelines.follow, group, 1, 1);
  }

  /**
   * Takes the model's answer to the part of a frame that {@link follow} told: smoothed, it would come late.
   *
   * @param mask - `[height, width] float32`, 0..1.
   * @param change - Since the frame before, as observe.wgsl sums it up; null: there was none.
   */
  find(mask: GPUBuffer, change: GPUBuffer | null): void {
    const groups = change ? this.#findGroups : this.#firstGroups;
    const group = this.#groupOf(groups, mask, change ?? this.#noChange, this.#found);
    this.#run(this.#pipelines.find, group, ...this.#workgroups);
  }

  /** Takes the mask of a whole frame, for the next time that {@link follow} is called. */
  look(mask: GPUBuffer): void {
    const group = this.#groupOf(this.#lookGroups, mask, this.#noChange, this.#looked);
    this.#run(this.#pipelines.find, group, ...this.#workgroups);
  }

  /** What comes next has nothing to do with what came before. */
  reset(): void {
    this.#batch.submit();
    this.#device.queue.writeBuffer(this.#tracking, 0, wholeTracking);
    const nobody = new Uint8Array(boundsBytes);
    this.#device.queue.writeBuffer(this.#found, 0, nobody);
    this.#device.queue.writeBuffer(this.#looked, 0, nobody);
  }

  destroy(): void {
    for (const buffer of [this.#found, this.#looked, this.#noChange]) buffer.destroy();
  }

  #run(pipeline: GPUComputePipeline, group: GPUBindGroup, x: number, y: number): void {
    const pass = this.#batch.encoder.beginComputePass({ label: pipeline.label });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(x, y);
    pass.end();
  }

  #groupOf(
    groups: WeakMap<GPUBuffer, GPUBindGroup>,
    mask: GPUBuffer,
    change: GPUBuffer,
    bounds: GPUBuffer,
  ): GPUBindGroup {
    const known = groups.get(mask);
    if (known) return known;
    const group = this.#device.createBindGroup({
      label: 'bounds',
      layout: this.#pipelines.find.getBindGroupLayout(0),
      entries: [mask, change, bounds].map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
    groups.set(mask, group);
    return group;
  }
}

/** `Tracking` of follow.wgsl: all of the frame, now and before, and nobody in it. */
const wholeTracking = new Float32Array([0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 0, 0]);

/**
 * What says which part of a frame the model sees: two rectangles of x, y, width and height as shares of the frame, float32, now and for the
 * frame before. It is all of it until a {@link GpuFollower} decides otherwise. The caller destroys it.
 */
export function createTracking(device: GPUDevice, label: string): GPUBuffer {
  const { STORAGE, UNIFORM, COPY_SRC, COPY_DST } = GPUBufferUsage;
  const buffer = device.createBuffer({
    label,
    size: wholeTracking.byteLength,
    usage: STORAGE | UNIFORM | COPY_SRC | COPY_DST,
  });
  device.queue.writeBuffer(buffer, 0, wholeTracking);
  return buffer;
}
