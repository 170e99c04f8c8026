import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import type { ModelInput } from '../stage.ts';
import code from './preprocess.wgsl';

const workgroupSidePx = 8;

/** Samples frames into a model's input tensor on the GPU. */
export class PreprocessPass {
  readonly #pipeline: GPUComputePipeline;
  readonly #groups: BindGroupCache;
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
          blackLevel: input.range[0],
          whiteLevel: input.range[1],
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
    this.#groups = new BindGroupCache(device, 'preprocess', pipeline.getBindGroupLayout(0));
    this.#tensor = tensor;
    this.#workgroups = [
      Math.ceil(input.width / workgroupSidePx),
      Math.ceil(input.height / workgroupSidePx),
    ];
  }

  /** @param frame - Premultiplied. */
  encode(encoder: GPUCommandEncoder, frame: GPUTexture): void {
    const pass = encoder.beginComputePass({ label: 'preprocess' });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(
      0,
      this.#groups.get(frame, () => [frame.createView(), { buffer: this.#tensor }]),
    );
    pass.dispatchWorkgroups(...this.#workgroups);
    pass.end();
  }
}
