import { BackdropPass } from '../composite/backdrop-pass.ts';
import { BlurPass } from '../composite/blur-pass.ts';
import { CompositePass } from '../composite/composite-pass.ts';
import { encodeClear } from '../composite/render-target.ts';
import { SegmenterError } from '../errors.ts';
import { CommandBatch } from '../gpu/command-batch.ts';
import { createTracking, GpuFollower } from '../framing/gpu-follower.ts';
import { FrameUpload } from '../gpu/frame-upload.ts';
import { ClassPass } from '../postprocess/class-pass.ts';
import { MaskReader } from '../postprocess/mask-reader.ts';
import { MattePass } from '../postprocess/matte-pass.ts';
import { selectClasses } from '../postprocess/select-classes.ts';
import { cutChange } from '../postprocess/temporal-filter.ts';
import { PreprocessPass } from '../preprocess/preprocess-pass.ts';
import {
  type ClassSelection,
  type EffectOptions,
  type Frame,
  type MaskPixels,
  type MaskReading,
  type MaskShaping,
  type ModelSpec,
  type Renderer,
  type View,
} from '../stage.ts';
import { findColorSpace } from './frame-gamut.ts';
import { frameSize } from './frame-size.ts';
import { createFrameTexture, WebGpuSurface } from './webgpu-surface.ts';
import { canDraw } from './can-draw.ts';

interface Passes {
  readonly preprocess: PreprocessPass;
  readonly blur: BlurPass;
  readonly backdrop: BackdropPass;
  readonly composite: CompositePass;
  readonly mattes: MattePass;
  readonly classes: ClassPass;
  readonly masks: MaskReader;
}

/** Which part of each frame the model sees; see createTracking. */
interface Regions {
  /** Stays all of it. */
  readonly whole: GPUBuffer;
  readonly stream: GPUBuffer;
  readonly still: GPUBuffer;
}

/** Who decides it; null for models that see all of every frame. */
type Followers = Readonly<Record<'stream' | 'still', GpuFollower>> | null;

/** Keeps every pixel on the GPU, from the upload to the canvas. Shares its device with the inference engine. */
export class WebGpuRenderer implements Renderer<GPUBuffer, GPUBuffer, WebGpuSurface> {
  readonly kind = 'webgpu';
  readonly refinement = 'frame';
  readonly isCut = false;
  readonly #device: GPUDevice;
  readonly #model: ModelSpec;
  readonly #input: GPUBuffer;
  readonly #format: GPUTextureFormat;
  readonly #passes: Passes;
  readonly #regions: Regions;
  readonly #followers: Followers;
  readonly #frames: FrameUpload;
  readonly #pictures: FrameUpload;
  readonly #batch: CommandBatch;
  readonly #allClasses: ClassSelection;
  #picture: GPUTexture | null = null;
  #pictureOrder = 0;
  #context: GPUCanvasContext | undefined;
  /** Of the attached canvas. */
  #shownColorSpace: PredefinedColorSpace = 'srgb';
  #hasDrawn = false;

  /**
   * Compiles all pipelines.
   *
   * @param device - Shared; not destroyed by `dispose`.
   * @param tensors - The fixed pair that the engine runs on: float32, `STORAGE | COPY_SRC | COPY_DST`. The caller's.
   * @param adapterName - Where uploads are remembered; see {@link FrameUpload}.
   */
  static async create(
    device: GPUDevice,
    model: ModelSpec,
    tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer },
    adapterName = '',
  ): Promise<WebGpuRenderer> {
    const format = navigator.gpu.getPreferredCanvasFormat();
    const batch = new CommandBatch(device);
    const regions: Regions = {
      whole: createTracking(device, 'whole frame'),
      stream: createTracking(device, 'region of the stream'),
      still: createTracking(device, 'region of a picture'),
    };
    const [preprocess, blur, backdrop, composite, classes, mattes, masks, followers] =
      await Promise.all([
        PreprocessPass.create(device, model.input, tensors.input),
        BlurPass.create(device),
        BackdropPass.create(device),
        CompositePass.create(device, format),
        ClassPass.create(device, model.output, batch),
        MattePass.create(device, model, tensors.input, regions, batch),
        MaskReader.create(device, model.output, batch),
        createFollowers(device, model, regions, batch),
      ]);
    const passes = { preprocess, blur, backdrop, composite, classes, mattes, masks };
    const { input } = tensors;
    const renderer = new WebGpuRenderer(device, batch, adapterName, model, input, format, {
      passes,
      regions,
      followers,
    });
    return renderer;
  }

  private constructor(
    device: GPUDevice,
    batch: CommandBatch,
    adapterName: string,
    model: ModelSpec,
    input: GPUBuffer,
    format: GPUTextureFormat,
    parts: { readonly passes: Passes; readonly regions: Regions; readonly followers: Followers },
  ) {
    this.#device = device;
    this.#batch = batch;
    this.#model = model;
    this.#allClasses = selectClasses([], null, model.output);
    this.#input = input;
    this.#format = format;
    this.#passes = parts.passes;
    this.#regions = parts.regions;
    this.#followers = parts.followers;
    this.#frames = new FrameUpload(device, adapterName, batch);
    this.#pictures = new FrameUpload(device, adapterName, batch);
  }

  get maxSidePx(): number {
    return this.#device.limits.maxTextureDimension2D;
  }

  attachCanvas(canvas: OffscreenCanvas): void {
    this.#context = getContext(canvas);
    this.#configure(this.#context, 'srgb');
    this.#shownColorSpace = 'srgb';
    this.#hasDrawn = false;
  }

  createSurface(): WebGpuSurface {
    return new WebGpuSurface(this.#device, this.#model, this.#batch);
  }

  async upload(surface: WebGpuSurface, frame: Frame): Promise<void> {
    surface.hasMask = false;
    const { width, height } = frameSize(frame);
    const colorSpace = frame instanceof VideoFrame ? 'srgb' : await findColorSpace(frame);
    await this.#frames.copy(frame, await surface.resize(width, height), colorSpace);
    surface.colorSpace = colorSpace;
  }

  preprocess({ frame }: WebGpuSurface, view: View = 'whole'): GPUBuffer {
    if (view !== 'whole') this.#followers?.[view].follow(frame);
    this.#passes.preprocess.encode(this.#batch.encoder, frame, this.#regions[view]);
    // The model's run, which comes next, is submitted by ONNX Runtime.
    this.#batch.submit();
    return this.#input;
  }

  look(
    _surface: WebGpuSurface,
    output: GPUBuffer,
    view: 'stream' | 'still',
    selection = this.#allClasses,
  ): void {
    const follower = this.#followers?.[view];
    if (view === 'still') follower?.reset();
    follower?.look(this.#passes.classes.encode(output, null, selection));
  }

  postprocess(surface: WebGpuSurface, output: GPUBuffer, shaping: MaskShaping): void {
    const { selection = this.#allClasses } = shaping;
    const categories = selection.hasCategories ? surface.categories : null;
    const mask = this.#passes.classes.encode(output, categories, selection);
    const { mattes } = this.#passes;
    mattes.encode(mask, surface.matte, shaping);
    if (shaping.stream) this.#followers?.stream.find(mask, mattes.change);
    surface.hasMask = true;
  }

  composite(surface: WebGpuSurface, options: EffectOptions): void {
    if (!this.#context || !canDraw(surface, options)) return;
    const { canvas } = this.#context;
    // Setting the size, even to the same, empties the canvas.
    if (canvas.width !== surface.width) canvas.width = surface.width;
    if (canvas.height !== surface.height) canvas.height = surface.height;
    if (this.#shownColorSpace !== surface.colorSpace) {
      this.#configure(this.#context, surface.colorSpace);
      this.#shownColorSpace = surface.colorSpace;
    }
    this.#draw(this.#context, surface, options);
    this.#hasDrawn = true;
  }

  async setBackground(picture: Frame | null): Promise<void> {
    const order = ++this.#pictureOrder;
    const old = this.#picture;
    let texture: GPUTexture | null = null;
    if (picture) {
      const { width, height } = frameSize(picture);
      const fits = old?.width === width && old.height === height;
      texture = fits ? old : await createFrameTexture(this.#device, 'background', width, height);
      await this.#pictures.copy(picture, texture);
      this.#batch.submit();
    }
    if (order !== this.#pictureOrder) {
      // A newer call was faster.
      if (texture !== old) texture?.destroy();
      return;
    }
    if (texture !== old) old?.destroy();
    this.#picture = texture;
    this.#passes.backdrop.setPicture(texture);
  }

  readMask(surface: WebGpuSurface, reading: MaskReading): Promise<MaskPixels> {
    const { masks } = this.#passes;
    if (reading.values === 'categories') {
      return masks.readCategories(surface.categories, surface.matte, reading);
    }
    return masks.read(surface.frame, surface.matte, reading);
  }

  snapshot(
    surface: WebGpuSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    // A canvas of its own leaves the shown one alone, also when there is nothing to draw.
    const canvas = new OffscreenCanvas(surface.width, surface.height);
    const context = getContext(canvas);
    this.#configure(context, surface.colorSpace);
    if (canDraw(surface, options)) this.#draw(context, surface, options);
    else this.#clear(context);
    // In the same task: one later the canvas is empty.
    return canvas.convertToBlob({ type, quality });
  }

  clear(): void {
    this.#passes.mattes.reset();
    this.#followers?.stream.reset();
    if (this.#context && this.#hasDrawn) this.#clear(this.#context);
    this.#hasDrawn = false;
  }

  async finished(): Promise<void> {
    await this.#device.queue.onSubmittedWorkDone();
  }

  dispose(): void {
    this.#batch.submit();
    this.#pictureOrder++;
    this.#picture?.destroy();
    this.#frames.destroy();
    this.#pictures.destroy();
    this.#passes.blur.destroy();
    this.#passes.backdrop.destroy();
    this.#passes.mattes.destroy();
    this.#passes.classes.destroy();
    this.#passes.masks.dispose();
    this.#followers?.stream.destroy();
    this.#followers?.still.destroy();
    for (const region of Object.values(this.#regions)) (region as GPUBuffer).destroy();
    this.#context = undefined;
  }

  #draw(context: GPUCanvasContext, surface: WebGpuSurface, options: EffectOptions): void {
    const { frame, matte } = surface;
    const { encoder } = this.#batch;
    const backdrop = this.#encodeBackdrop(encoder, surface, options);
    const target = context.getCurrentTexture().createView({ label: 'canvas' });
    this.#passes.composite.encode(encoder, target, options.effect, frame, matte, backdrop);
    this.#batch.submit();
  }

  #encodeBackdrop(
    encoder: GPUCommandEncoder,
    { frame, colorSpace, matte }: WebGpuSurface,
    { effect, blurRadiusPx, backgroundColor }: EffectOptions,
  ): GPUTexture | null {
    switch (effect) {
      case 'blur':
        return this.#passes.blur.encode(encoder, frame, matte, blurRadiusPx);
      case 'replace':
        return this.#passes.backdrop.encode(encoder, frame, backgroundColor, colorSpace);
      case 'none':
      case 'mask':
      case 'cutout':
        return null;
      default:
        return effect satisfies never;
    }
  }

  #clear(context: GPUCanvasContext): void {
    encodeClear(this.#batch.encoder, context.getCurrentTexture().createView(), [0, 0, 0, 0]);
    this.#batch.submit();
  }

  #configure(context: GPUCanvasContext, colorSpace: PredefinedColorSpace): void {
    context.configure({
      device: this.#device,
      format: this.#format,
      alphaMode: 'premultiplied',
      colorSpace,
    });
  }
}

function getContext(canvas: OffscreenCanvas): GPUCanvasContext {
  const context = canvas.getContext('webgpu');
  if (context) return context;
  throw new SegmenterError(
    'unsupported',
    'The canvas is bound to another kind of context already. Attach a new one.',
  );
}

async function createFollowers(
  device: GPUDevice,
  model: ModelSpec,
  regions: Regions,
  batch: CommandBatch,
): Promise<Followers> {
  if (model.framing !== 'people') return null;
  const pipelines = await GpuFollower.createPipelines(device, model, cutChange);
  const create = (tracking: GPUBuffer): GpuFollower =>
    new GpuFollower(device, model.output, pipelines, tracking, batch);
  return { stream: create(regions.stream), still: create(regions.still) };
}
