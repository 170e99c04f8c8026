import type { Effect, EffectOptions } from '../stage.ts';
import code from './composite.wgsl';
import { fitCover } from './fit-cover.ts';

const effectCodes: Record<Effect, number> = { none: 0, mask: 1, cutout: 2, blur: 3, replace: 4 };

/** What one composite binds. */
export interface CompositeInputs {
  readonly frame: GPUTextureView;
  readonly mask: GPUBuffer;
  readonly room: GPUTextureView;
  readonly picture: GPUTextureView;
}

/** What one composite is told. */
export interface CompositeParameters {
  readonly options: EffectOptions;
  readonly frameSize: { readonly width: number; readonly height: number };
  /** Size of the background picture; null: there is none. */
  readonly pictureSize: { readonly width: number; readonly height: number } | null;
}

/** Frame and mask → target, in one render pass. */
export class CompositePass {
  readonly #device: GPUDevice;
  readonly #pipeline: GPURenderPipeline;
  readonly #parameters: GPUBuffer;
  readonly #sampler: GPUSampler;
  readonly #maskSize: { readonly width: number; readonly height: number };
  readonly #data = new ArrayBuffer(48);
  #written = '';

  static async create(
    device: GPUDevice,
    format: GPUTextureFormat,
    maskSize: { readonly width: number; readonly height: number },
  ): Promise<CompositePass> {
    const module = device.createShaderModule({ label: 'composite', code });
    const pipeline = await device.createRenderPipelineAsync({
      label: 'composite',
      layout: 'auto',
      vertex: { module },
      fragment: { module, targets: [{ format }] },
    });
    return new CompositePass(device, pipeline, maskSize);
  }

  private constructor(
    device: GPUDevice,
    pipeline: GPURenderPipeline,
    maskSize: { readonly width: number; readonly height: number },
  ) {
    this.#device = device;
    this.#pipeline = pipeline;
    this.#maskSize = maskSize;
    this.#parameters = device.createBuffer({
      label: 'composite parameters',
      size: this.#data.byteLength,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#sampler = device.createSampler({
      label: 'linear',
      magFilter: 'linear',
      minFilter: 'linear',
    });
  }

  /** Valid for as long as the textures are. */
  bind({ frame, mask, room, picture }: CompositeInputs): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'composite',
      layout: this.#pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: frame },
        { binding: 1, resource: { buffer: mask } },
        { binding: 2, resource: { buffer: this.#parameters } },
        { binding: 3, resource: room },
        { binding: 4, resource: picture },
        { binding: 5, resource: this.#sampler },
      ],
    });
  }

  /** Applies to every later `encode`. Writes only what changed. */
  configure(parameters: CompositeParameters): void {
    const key = JSON.stringify(parameters);
    if (key === this.#written) return;
    this.#written = key;
    const { options, frameSize, pictureSize } = parameters;
    const [red, green, blue, alpha] = options.backgroundColor;
    const cover = fitCover(pictureSize ?? frameSize, frameSize);
    const floats = new Float32Array(this.#data);
    const integers = new Uint32Array(this.#data);
    floats.set([red * alpha, green * alpha, blue * alpha, alpha]);
    floats.set([cover.width, cover.height, cover.x, cover.y], 4);
    integers.set([this.#maskSize.width, this.#maskSize.height], 8);
    integers.set([effectCodes[options.effect], pictureSize ? 1 : 0], 10);
    this.#device.queue.writeBuffer(this.#parameters, 0, this.#data);
  }

  encode(encoder: GPUCommandEncoder, bindGroup: GPUBindGroup, target: GPUTextureView): void {
    const pass = encoder.beginRenderPass({
      label: 'composite',
      colorAttachments: [
        { view: target, loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] },
      ],
    });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.draw(3);
    pass.end();
  }

  destroy(): void {
    this.#parameters.destroy();
  }
}
