import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import alphaAt from '../postprocess/alpha-at.wgsl';
import type { GpuMatte } from '../postprocess/gpu-matte.ts';
import sumsCode from './background-sums.wgsl';
import { gaussianWeights, planBlur } from './blur-plan.ts';
import gaussianCode from './gaussian.wgsl';
import { encodeFullTarget, RenderTarget } from './render-target.ts';

/** Blurs what the mask leaves of frames. The foreground has no weight in it, so it leaves no halo. */
export class BlurPass {
  readonly #device: GPUDevice;
  readonly #sumPipeline: GPURenderPipeline;
  readonly #blurPipelines: readonly [horizontal: GPURenderPipeline, vertical: GPURenderPipeline];
  readonly #sumGroups: BindGroupCache;
  readonly #blurGroups: BindGroupCache;
  readonly #targetSize: GPUBuffer;
  readonly #kernel: GPUBuffer;
  readonly #sums: RenderTarget;
  readonly #halfBlurred: RenderTarget;
  /** What the uniforms hold. */
  #written = '';

  static async create(device: GPUDevice): Promise<BlurPass> {
    const code = alphaAt + sumsCode;
    const sumModule = device.createShaderModule({ label: 'background-sums.wgsl', code });
    const blurModule = device.createShaderModule({ label: 'gaussian.wgsl', code: gaussianCode });
    const blurLayout = device.createBindGroupLayout({
      label: 'gaussian',
      entries: [
        { binding: 0, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: 'float' } },
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, buffer: { type: 'uniform' } },
      ],
    });
    const createBlur = (stepX: number, stepY: number): Promise<GPURenderPipeline> =>
      device.createRenderPipelineAsync({
        label: `gaussian ${stepX} ${stepY}`,
        layout: device.createPipelineLayout({ label: 'gaussian', bindGroupLayouts: [blurLayout] }),
        vertex: { module: blurModule },
        fragment: {
          module: blurModule,
          targets: [{ format: sumsFormat }],
          constants: { stepX, stepY },
        },
      });
    const [sumPipeline, horizontal, vertical] = await Promise.all([
      device.createRenderPipelineAsync({
        label: 'background sums',
        layout: 'auto',
        vertex: { module: sumModule },
        fragment: {
          module: sumModule,
          targets: [{ format: sumsFormat }],
        },
      }),
      createBlur(1, 0),
      createBlur(0, 1),
    ]);
    return new BlurPass(device, sumPipeline, blurLayout, [horizontal, vertical]);
  }

  private constructor(
    device: GPUDevice,
    sumPipeline: GPURenderPipeline,
    blurLayout: GPUBindGroupLayout,
    blurPipelines: readonly [GPURenderPipeline, GPURenderPipeline],
  ) {
    this.#device = device;
    this.#sumPipeline = sumPipeline;
    this.#blurPipelines = blurPipelines;
    const sumLayout = sumPipeline.getBindGroupLayout(0);
    this.#sumGroups = new BindGroupCache(device, 'background sums', sumLayout);
    this.#blurGroups = new BindGroupCache(device, 'gaussian', blurLayout);
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#targetSize = device.createBuffer({ label: 'background sums size', size: 8, usage });
    this.#kernel = device.createBuffer({ label: 'gaussian kernel', size: kernelBytes, usage });
    this.#sums = new RenderTarget(device, 'background sums', sumsFormat);
    this.#halfBlurred = new RenderTarget(device, 'half-blurred sums', sumsFormat);
  }

  /**
   * @param frame - Premultiplied; its matte is always the same.
   * @param radiusPx - Standard deviation, in pixels of the frame.
   * @returns Sums of colour * weight, with the weight in alpha, to stretch over the frame. Valid until the next call.
   */
  encode(
    encoder: GPUCommandEncoder,
    frame: GPUTexture,
    matte: GpuMatte,
    radiusPx: number,
  ): GPUTexture {
    const { width, height, sigmaPx } = planBlur(frame.width, frame.height, radiusPx);
    this.#writeUniforms(width, height, sigmaPx);
    const sums = this.#sums.resize(width, height);
    const halfBlurred = this.#halfBlurred.resize(width, height);
    const sumGroup = this.#sumGroups.get(frame, () => [
      frame.createView(),
      { buffer: matte.coefficients },
      { buffer: matte.description },
      { buffer: this.#targetSize },
    ]);
    encodeFullTarget(encoder, 'background sums', sums.view, this.#sumPipeline, sumGroup);
    const [horizontal, vertical] = this.#blurPipelines;
    const groupOf = ({ texture, view }: { texture: GPUTexture; view: GPUTextureView }) =>
      this.#blurGroups.get(texture, () => [view, { buffer: this.#kernel }]);
    encodeFullTarget(encoder, 'gaussian', halfBlurred.view, horizontal, groupOf(sums));
    encodeFullTarget(encoder, 'gaussian', sums.view, vertical, groupOf(halfBlurred));
    return sums.texture;
  }

  destroy(): void {
    this.#sums.destroy();
    this.#halfBlurred.destroy();
    this.#targetSize.destroy();
    this.#kernel.destroy();
  }

  #writeUniforms(width: number, height: number, sigmaPx: number): void {
    const wanted = `${width} ${height} ${sigmaPx}`;
    if (wanted === this.#written) return;
    this.#written = wanted;
    const weights = gaussianWeights(sigmaPx);
    const kernel = new ArrayBuffer(kernelBytes);
    new Int32Array(kernel, 0, 1).set([weights.length - 1]);
    new Float32Array(kernel, 16).set(weights);
    this.#device.queue.writeBuffer(this.#kernel, 0, kernel);
    this.#device.queue.writeBuffer(this.#targetSize, 0, new Float32Array([width, height]));
  }
}

/** Weights below 1/255 are what divides the background just inside the foreground: 8 bits would show as noise. */
const sumsFormat: GPUTextureFormat = 'rgba16float';
/** As `Kernel` in gaussian.wgsl: the radius, padded to 16 bytes, and 16 weights. */
const kernelBytes = 16 + 4 * 16;
