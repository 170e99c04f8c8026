import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import type { ModelInput } from '../stage.ts';
import { nameLevels } from '../util/level-constants.ts';
import code from './preprocess.wgsl';

const workgroupSidePx = 8;

/** Samples frames into a model's input tensor on the GPU. */
export class PreprocessPass {
  readonly #pipeline: GPUComputePipeline;
  readonly #device: GPUDevice;
  /** By region, and by frame in each. */
  readonly #groups = new Map<GPUBuffer, BindGroupCache>();
  readonly #tensor: GPUBuffer;
  readonly #workgroups: readonly [columns: number, rows: number];

  /** @param tensor - float32, as `input` says. Stays the caller's. */
  static async create(
    device: GPUDevice,
    input: ModelInput,
    tensor: GPUBuffer,
  ): Promise<PreprocessPass> {
    const pipeline = await device.createComputePipelineAsync({
      label: 'preprocess',
      layout: 'auto',
      compute: {
        module: device.createShaderModule({ label: 'preprocess.wgsl', code }),
        constants: {
          targetWidth: input.width,
          targetHeight: input.height,
          isPlanar: Number(input.layout === 'nchw'),
          isBgr: Number(input.order === 'bgr'),
          ...nameLevels(input.ranges),
        },
      },
    });
    return new PreprocessPass(device, pipeline, input, tensor);
  }

  private constructor(
    device: GPUDevice,
    pipeline: GPUComputePipeline,
    input: ModelInput,
    tensor: GPUBuffer,
  ) {
    this.#pipeline = pipeline;
    this.#device = device;
    this.#tensor = tensor;
    this.#workgroups = [
      Math.ceil(input.width / workgroupSidePx),
      Math.ceil(input.height / workgroupSidePx),
    ];
  }

  /**
   * @param frame - Premultiplied.
   * @param region - The part of it to sample; see createTracking, whose first 16 bytes count.
   */
  encode(encoder: GPUCommandEncoder, frame: GPUTexture, region: GPUBuffer): void {
    const pass = encoder.beginComputePass({ label: 'preprocess' });
    pass.setPipeline(this.#pipeline);
    const group = this.#groupsOf(region).get(frame, () => [
      frame.createView(),
      { buffer: this.#tensor },
      { buffer: region },
    ]);
    pass.setBindGroup(0, group);
    pass.dispatchWorkgroups(...this.#workgroups);
    pass.end();
  }

  #groupsOf(region: GPUBuffer): BindGroupCache {
    const known = this.#groups.get(region);
    if (known) return known;
    const layout = this.#pipeline.getBindGroupLayout(0);
    const groups = new BindGroupCache(this.#device, 'preprocess', layout);
    this.#groups.set(region, groups);
    return groups;
  }
}
