import { BlurPass } from '../composite/blur-pass.ts';
import { CompositePass } from '../composite/composite-pass.ts';
import { Uploader } from '../gpu/upload.ts';
import { PreprocessPass } from '../preprocess/preprocess-pass.ts';
import {
  needsMask,
  type EffectOptions,
  type Frame,
  type ModelSpec,
  type Renderer,
} from '../stage.ts';
import { pictureSize } from '../util/picture-size.ts';
import { WebGpuSurface } from './webgpu-surface.ts';

interface Passes {
  readonly preprocess: PreprocessPass;
  readonly blur: BlurPass;
  readonly composite: CompositePass;
}

/** Draws on the GPU that the model runs on: between upload and canvas nothing visits the CPU. */
export class WebGpuRenderer implements Renderer<GPUBuffer, GPUBuffer, WebGpuSurface> {
  readonly kind = 'webgpu';
  readonly #device: GPUDevice;
  readonly #tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer };
  readonly #format: GPUTextureFormat;
  readonly #uploader: Uploader;
  readonly #passes: Passes;
  /** Stands in for a picture or a room where there is none. */
  readonly #blank: GPUTexture;
  readonly #staging: GPUBuffer[] = [];
  #picture: GPUTexture | null = null;
  #context: GPUCanvasContext | undefined;
  #hasDrawn = false;
  /** Counts replacements of what surfaces have bound: rooms and pictures. */
  #generation = 0;

  /** @param tensors - The model's fixed buffers, float32. Device and buffers stay the caller's. */
  static async create(
    device: GPUDevice,
    { input, output }: ModelSpec,
    tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer },
  ): Promise<WebGpuRenderer> {
    const format = navigator.gpu.getPreferredCanvasFormat();
    const [preprocess, blur, composite] = await Promise.all([
      PreprocessPass.create(device, input, tensors.input),
      BlurPass.create(device, output),
      CompositePass.create(device, format, output),
    ]);
    return new WebGpuRenderer(device, tensors, format, { preprocess, blur, composite });
  }

  private constructor(
    device: GPUDevice,
    tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer },
    format: GPUTextureFormat,
    passes: Passes,
  ) {
    this.#device = device;
    this.#tensors = tensors;
    this.#format = format;
    this.#passes = passes;
    this.#uploader = new Uploader(device);
    this.#blank = this.#uploader.createTexture('blank', 1, 1);
  }

  attachCanvas(canvas: OffscreenCanvas): void {
    this.#context = this.#configure(canvas);
    this.#hasDrawn = false;
  }

  createSurface(): WebGpuSurface {
    return new WebGpuSurface(this.#device, this.#uploader, this.#tensors.output.size);
  }

  async upload(surface: WebGpuSurface, frame: Frame): Promise<void> {
    const { width, height } = pictureSize(frame);
    surface.hasMask = false;
    await this.#uploader.copy(frame, surface.resize(width, height));
  }

  preprocess(surface: WebGpuSurface): GPUBuffer {
    const { preprocess } = this.#passes;
    const bindGroup = surface.bind('preprocess', 0, () =>
      preprocess.bind(surface.texture.createView()),
    );
    const encoder = this.#device.createCommandEncoder({ label: 'preprocess' });
    preprocess.encode(encoder, bindGroup);
    this.#device.queue.submit([encoder.finish()]);
    return this.#tensors.input;
  }

  postprocess(surface: WebGpuSurface, output: GPUBuffer): void {
    const encoder = this.#device.createCommandEncoder({ label: 'postprocess' });
    encoder.copyBufferToBuffer(output, 0, surface.mask, 0, output.size);
    this.#device.queue.submit([encoder.finish()]);
    surface.hasMask = true;
  }

  composite(surface: WebGpuSurface, options: EffectOptions): void {
    if (this.#context) this.#draw(this.#context, surface, options);
  }

  async setBackground(picture: Frame | null): Promise<void> {
    if (!picture) {
      this.#replacePicture(null);
      return;
    }
    const { width, height } = pictureSize(picture);
    let texture = this.#picture;
    if (texture?.width !== width || texture.height !== height) {
      texture = this.#uploader.createTexture('background picture', width, height);
    }
    await this.#uploader.copy(picture, texture);
    if (texture !== this.#picture) this.#replacePicture(texture);
  }

  async readMask(surface: WebGpuSurface, target: Float32Array): Promise<void> {
    const { size } = surface.mask;
    const staging =
      this.#staging.pop() ??
      this.#device.createBuffer({
        label: 'mask read-back',
        size,
        usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
      });
    const encoder = this.#device.createCommandEncoder({ label: 'mask read-back' });
    encoder.copyBufferToBuffer(surface.mask, 0, staging, 0, size);
    this.#device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    target.set(new Float32Array(staging.getMappedRange()));
    staging.unmap();
    this.#staging.push(staging);
  }

  snapshot(
    surface: WebGpuSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    const context = this.#context ?? this.#configure(new OffscreenCanvas(1, 1));
    this.#draw(context, surface, options);
    // In the same task: a WebGPU canvas has nothing to encode one task later.
    return (context.canvas as OffscreenCanvas).convertToBlob({ type, quality });
  }

  clear(): void {
    if (!this.#context || !this.#hasDrawn) return;
    const encoder = this.#device.createCommandEncoder({ label: 'clear' });
    const view = this.#context.getCurrentTexture().createView();
    encoder
      .beginRenderPass({
        label: 'clear',
        colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store', clearValue: [0, 0, 0, 0] }],
      })
      .end();
    this.#device.queue.submit([encoder.finish()]);
  }

  async finished(): Promise<void> {
    await this.#device.queue.onSubmittedWorkDone();
  }

  dispose(): void {
    for (const pass of Object.values(this.#passes) as { destroy(): void }[]) pass.destroy();
    for (const buffer of this.#staging) buffer.destroy();
    this.#picture?.destroy();
    this.#blank.destroy();
  }

  #configure(canvas: OffscreenCanvas): GPUCanvasContext {
    const context = canvas.getContext('webgpu');
    if (!context) throw new Error('The canvas gave no WebGPU context.');
    context.configure({ device: this.#device, format: this.#format, alphaMode: 'premultiplied' });
    return context;
  }

  #draw(context: GPUCanvasContext, surface: WebGpuSurface, options: EffectOptions): void {
    if (needsMask(options.effect) && !surface.hasMask) return;
    const { blur, composite } = this.#passes;
    const { width, height } = surface;
    const { canvas } = context;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
    }
    const isBlur = options.effect === 'blur';
    if (isBlur && blur.resize(width, height, options.blurRadiusPx)) this.#generation++;
    composite.configure({
      options,
      frameSize: { width, height },
      pictureSize: this.#picture && { width: this.#picture.width, height: this.#picture.height },
    });
    const encoder = this.#device.createCommandEncoder({ label: 'composite' });
    if (isBlur) {
      const room = surface.bind('room', this.#generation, () =>
        blur.bind(surface.texture.createView(), surface.mask),
      );
      blur.encode(encoder, room);
    }
    const name = isBlur ? 'composite over room' : 'composite';
    const inputs = surface.bind(name, this.#generation, () =>
      composite.bind({
        frame: surface.texture.createView(),
        mask: surface.mask,
        room: (isBlur ? blur.room : this.#blank).createView(),
        picture: (this.#picture ?? this.#blank).createView(),
      }),
    );
    composite.encode(encoder, inputs, context.getCurrentTexture().createView());
    this.#device.queue.submit([encoder.finish()]);
    this.#hasDrawn = true;
  }

  #replacePicture(texture: GPUTexture | null): void {
    this.#picture?.destroy();
    this.#picture = texture;
    this.#generation++;
  }
}
