import { GlCompositor } from '../composite/gl-compositor.ts';
import { Pixels } from '../composite/pixels.ts';
import { SegmenterError } from '../errors.ts';
import type { PeopleFollower } from '../framing/people-follower.ts';
import { canRenderFloats, createGlContext } from '../gl/context.ts';
import { gpuIsDone } from '../gl/gl-fence.ts';
import { GlProgram } from '../gl/gl-program.ts';
import { GlReadBack } from '../gl/gl-read-back.ts';
import { GlTexture } from '../gl/gl-texture.ts';
import { ForegroundColors } from '../postprocess/foreground-colors.ts';
import { copyGuide } from '../postprocess/guide.ts';
import { MaskSampler } from '../postprocess/mask-sampler.ts';
import { MatteMaker } from '../postprocess/matte-maker.ts';
import preprocessCode from '../preprocess/preprocess.glsl';
import {
  type CpuAnswer,
  type EffectOptions,
  type Frame,
  type MaskPixels,
  type MaskReading,
  type MaskShaping,
  type ModelInput,
  type ModelSpec,
  type Renderer,
  type View,
} from '../stage.ts';
import { hasWideGl } from '../util/browser.ts';
import { createContext2D } from '../util/canvas-2d.ts';
import { findColorSpace } from './frame-gamut.ts';
import { FrameReader } from './frame-reader.ts';
import { chooseRegion, createFollower, lookAround } from './follow-in-memory.ts';
import { assertFits, frameSize } from './frame-size.ts';
import { WebGlSurface } from './webgl-surface.ts';
import { canDraw } from './can-draw.ts';

type InputPixels = Uint8ClampedArray<ArrayBuffer>;

/** What a {@link WebGlRenderer} tells of its context. */
export interface ContextListener {
  /** Frames are refused from now on. */
  onLost(): void;
  /** Everything was made anew, and is empty: background and frame are wanted again. */
  onRestored(): void;
}

/** What belongs to one context. */
class Stages {
  readonly preprocess: GlProgram;
  readonly input: GlTexture;
  readonly readBack: GlReadBack;
  readonly compositor: GlCompositor;

  constructor(
    readonly gl: WebGL2RenderingContext,
    input: ModelInput,
  ) {
    canRenderFloats(gl);
    this.preprocess = new GlProgram(gl, preprocessCode);
    this.input = new GlTexture(gl, 'rgba8').resize(input.width, input.height);
    this.readBack = new GlReadBack(gl);
    this.compositor = new GlCompositor(gl);
  }
}

/**
 * Keeps frames on the GPU where there is WebGL2 and no WebGPU: up goes the frame, down comes the model's small input, up goes the
 * mask. The model runs on the CPU.
 */
export class WebGlRenderer implements Renderer<InputPixels, CpuAnswer, WebGlSurface> {
  readonly kind = 'webgl2';
  readonly refinement = 'frame';
  readonly #model: ModelSpec;
  readonly #listener: ContextListener;
  readonly #reader = new FrameReader();
  readonly #masks = new MaskSampler();
  readonly #mattes: MatteMaker;
  readonly #colors: ForegroundColors;
  /** null for models that see all of every frame. */
  readonly #follower: PeopleFollower | null;
  readonly #surfaces = new Set<WebGlSurface>();
  /** Kinds of frames that this browser's WebGL does not take as they are to be shown. */
  readonly #refused = new Set<string>();
  readonly #accepted = new Set<string>();
  readonly maxSidePx: number;
  #stages: Stages;
  #canvas: OffscreenCanvas | undefined;
  #picture: GlTexture | null = null;
  #isLost = false;
  #hasDrawn = false;

  /** Rejects nothing that {@link hasHardwareGl} allows. Throws `unsupported` without WebGL2. */
  constructor(model: ModelSpec, listener: ContextListener) {
    this.#model = model;
    this.#listener = listener;
    this.#mattes = new MatteMaker(model.output);
    this.#follower = createFollower(model);
    this.#colors = new ForegroundColors(this.#mattes.filter);
    this.#stages = this.#begin(new OffscreenCanvas(1, 1));
    const { gl } = this.#stages;
    this.maxSidePx = gl.getParameter(gl.MAX_TEXTURE_SIZE) as number;
  }

  /** A context belongs to its canvas, so everything moves over. */
  attachCanvas(canvas: OffscreenCanvas): void {
    const stages = this.#begin(canvas);
    this.#canvas = canvas;
    this.#stages = stages;
    for (const surface of this.#surfaces) surface.move(stages.gl);
    if (this.#picture) {
      const { width, height } = this.#picture;
      const picture = new GlTexture(stages.gl, 'rgba8').resize(width, height);
      picture.write(this.#picture.read());
      this.#picture = picture;
      stages.compositor.setPicture(picture);
    }
    this.#hasDrawn = false;
  }

  createSurface(): WebGlSurface {
    const { gl } = this.#stages;
    const { filter } = this.#mattes;
    const surface = new WebGlSurface(gl, this.#model.output, filter, (destroyed) =>
      this.#surfaces.delete(destroyed),
    );
    this.#surfaces.add(surface);
    return surface;
  }

  async upload(surface: WebGlSurface, frame: Frame): Promise<void> {
    surface.hasMask = false;
    const isNarrow = frame instanceof VideoFrame || !hasWideGl();
    const colorSpace = isNarrow ? 'srgb' : await findColorSpace(frame);
    await this.#copy(frame, surface.frame, colorSpace);
    surface.colorSpace = colorSpace;
  }

  async preprocess(surface: WebGlSurface, view: View = 'whole'): Promise<InputPixels> {
    const { preprocess, input, readBack } = this.#stages;
    const { frame, guide } = surface;
    surface.region = chooseRegion(surface, view, this.#follower);
    const { x, y, width, height } = surface.region;
    const targetSize = [input.width, input.height];
    preprocess.draw(input, { frame }, { targetSize, region: [x, y, width, height] });
    const pixels = await readBack.read(input);
    copyGuide(pixels, this.#model.input, guide, this.#model.output);
    return pixels;
  }

  look(surface: WebGlSurface, { mask }: CpuAnswer, view: 'stream' | 'still'): void {
    lookAround(surface, mask, view, this.#model, this.#follower);
  }

  get isCut(): boolean {
    return this.#mattes.isCut;
  }

  postprocess(surface: WebGlSurface, output: CpuAnswer, shaping: MaskShaping): void {
    const { region } = surface;
    const mask = this.#mattes.make(output.mask, surface.guide, shaping, region);
    if (shaping.stream) this.#follower?.find(output.mask, region, this.#mattes.isCut);
    if (shaping.refine) {
      this.#colors.find();
      surface.setFit();
    } else {
      surface.setMask(mask);
    }
    surface.setCategories(output.categories);
  }

  composite(surface: WebGlSurface, options: EffectOptions): void {
    const canvas = this.#canvas;
    if (!canvas || !canDraw(surface, options)) return;
    const { width, height, colorSpace } = surface;
    // Setting the size, even to the same, empties the canvas.
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const { gl, compositor } = this.#stages;
    if (gl.drawingBufferColorSpace !== colorSpace) gl.drawingBufferColorSpace = colorSpace;
    compositor.draw({ width, height }, surface, options);
    this.#hasDrawn = true;
  }

  async setBackground(picture: Frame | null): Promise<void> {
    const texture = picture && (this.#picture ?? new GlTexture(this.#stages.gl, 'rgba8'));
    if (picture && texture) await this.#copy(picture, texture, 'srgb');
    if (!texture) this.#picture?.destroy();
    this.#picture = texture;
    this.#stages.compositor.setPicture(texture);
  }

  readMask({ levels }: WebGlSurface, reading: MaskReading): Promise<MaskPixels> {
    return Promise.resolve(this.#masks.sample(levels, reading));
  }

  snapshot(
    surface: WebGlSurface,
    options: EffectOptions,
    type: string,
    quality: number,
  ): Promise<Blob> {
    const { width, height, colorSpace } = surface;
    const context = createContext2D(width, height, { colorSpace });
    if (canDraw(surface, options)) {
      const target = new GlTexture(this.#stages.gl, 'rgba8').resize(width, height);
      this.#stages.compositor.draw(target, surface, options);
      context.putImageData(toStraight(target.read(), width, height, colorSpace), 0, 0);
      target.destroy();
    }
    return context.canvas.convertToBlob({ type, quality });
  }

  clear(): void {
    this.#mattes.reset();
    this.#follower?.reset();
    if (!this.#hasDrawn) return;
    const { gl } = this.#stages;
    gl.bindFramebuffer(gl.FRAMEBUFFER, null);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT);
    this.#hasDrawn = false;
  }

  finished(): Promise<void> {
    return gpuIsDone(this.#stages.gl);
  }

  dispose(): void {
    this.#canvas = undefined;
    // Frees everything. A browser keeps sixteen contexts and takes the oldest away.
    this.#isLost = true;
    this.#stages.gl.getExtension('WEBGL_lose_context')?.loseContext();
  }

  async #copy(frame: Frame, texture: GlTexture, colorSpace: PredefinedColorSpace): Promise<void> {
    if (this.#isLost) throw new SegmenterError('device-lost', 'The WebGL context is lost.');
    const { width, height } = frameSize(frame);
    assertFits({ width, height }, this.maxSidePx);
    texture.resize(width, height);
    const kind = kindOf(frame);
    if (!isStretched(frame) && !this.#refused.has(kind)) {
      texture.write(frame, colorSpace);
      if (this.#accepted.has(kind)) return;
      // It waits for the GPU, so once for each kind.
      if (this.#stages.gl.getError() === this.#stages.gl.NO_ERROR) {
        this.#accepted.add(kind);
        return;
      }
      this.#refused.add(kind);
    }
    const { pixels } = await this.#reader.read(frame, Pixels.create(1, 1), colorSpace);
    texture.write(pixels.image, colorSpace);
  }

  #begin(canvas: OffscreenCanvas): Stages {
    const gl = createGlContext(canvas);
    if (!gl) {
      throw new SegmenterError(
        'unsupported',
        'There is no WebGL2 here, or the canvas is bound to another kind of context already.',
      );
    }
    canvas.addEventListener('webglcontextlost', (event) => {
      if (this.#stages.gl !== gl || this.#isLost) return;
      // Without this it does not come back.
      event.preventDefault();
      this.#isLost = true;
      this.#listener.onLost();
    });
    canvas.addEventListener('webglcontextrestored', () => {
      if (this.#stages.gl !== gl) return;
      this.#stages = new Stages(gl, this.#model.input);
      this.#picture = null;
      for (const surface of this.#surfaces) surface.reset(gl);
      this.#isLost = false;
      this.#listener.onRestored();
    });
    return new Stages(gl, this.#model.input);
  }
}

/** Whether its pixels are not square. WebGL would take the part of them that fits. */
function isStretched(frame: Frame): boolean {
  if (!(frame instanceof VideoFrame) || !frame.visibleRect) return false;
  const { width, height } = frame.visibleRect;
  const { displayWidth, displayHeight } = frame;
  return (
    Math.min(width, height) !== Math.min(displayWidth, displayHeight) ||
    Math.max(width, height) !== Math.max(displayWidth, displayHeight)
  );
}

/** Frames of a kind are taken alike. */
function kindOf(frame: Frame): string {
  if (!(frame instanceof VideoFrame)) return 'bitmap';
  // What the types do not know yet.
  const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
  return `${String(frame.format)} ${rotation} ${String(flip)}`;
}

function toStraight(
  pixels: Uint8Array,
  width: number,
  height: number,
  colorSpace: PredefinedColorSpace,
): ImageData {
  const { image } = Pixels.create(width, height, colorSpace);
  const { data } = image;
  for (let i = 0; i < pixels.length; i += 4) {
    const alpha = pixels[i + 3] as number;
    // A clamped array rounds by itself.
    for (let channel = 0; channel < 3; channel++) {
      data[i + channel] = alpha > 0 ? ((pixels[i + channel] as number) * 255) / alpha : 0;
    }
    data[i + 3] = alpha;
  }
  return image;
}
