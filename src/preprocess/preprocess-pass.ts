import type { ModelInput } from '../stage.ts';
import code from './preprocess.wgsl';

/** Frame texture → model input, in one compute pass. */
export class PreprocessPass {
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline;
  readonly #input: ModelInput;
  readonly #tensor: GPUBuffer;
  readonly #parameters: GPUBuffer;

  /** @param tensor - The model's input; stays the caller's. */
  static async create(
    device: GPUDevice,
    input: ModelInput,
    tensor: GPUBuffer,
  ): Promise<PreprocessPass> {
    const pipeline = await device.createComputePipelineAsync({
      label: 'preprocess',
      layout: 'auto',
      compute: { module: device.createShaderModule({ label: 'preprocess', code }) },
    });
    return new PreprocessPass(device, pipeline, input, tensor);
  }

  private constructor(
    device: GPUDevice,
    pipeline: GPUComputePipeline,
    input: ModelInput,
    tensor: GPUBuffer,
  ) {
    this.#device = device;
    this.#pipeline = pipeline;
    this.#input = input;
    this.#tensor = tensor;
    this.#parameters = createParameters(device, input);
  }

  /** Binds a frame texture (`texture_2d<f32>`, premultiplied). Valid for as long as the texture is. */
  bind(frame: GPUTextureView): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'preprocess',
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: frame },
        { binding: 1, resource: { buffer: this.#tensor } },
        { binding: 2, resource: { buffer: this.#parameters } },
      ],
    });
  }

  encode(encoder: GPUCommandEncoder, bindGroup: GPUBindGroup): void {
    const pass = encoder.beginComputePass({ label: 'preprocess' });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(Math.ceil(this.#input.width / 8), Math.ceil(this.#input.height / 8));
    pass.end();
  }

  destroy(): void {
    this.#parameters.destroy();
  }
}

/** See `Parameters` in the shader. Textures give 0..1. */
function createParameters(device: GPUDevice, input: ModelInput): GPUBuffer {
  const [low, high] = input.range;
  const data = new ArrayBuffer(24);
  new Uint32Array(data, 0, 2).set([input.width, input.height]);
  new Float32Array(data, 8, 2).set([low, high - low]);
  new Uint32Array(data, 16, 2).set([
    input.layout === 'nchw' ? 1 : 0,
    input.order === 'bgr' ? 1 : 0,
  ]);
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = device.createBuffer({
    label: 'preprocess parameters',
    size: data.byteLength,
    usage,
  });
  device.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
