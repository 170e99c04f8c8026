import type { GlMatte } from '../composite/gl-compositor.ts';
import { GlTexture } from '../gl/gl-texture.ts';
import type { GuidedFilter } from '../postprocess/guided-filter.ts';
import { MaskLevels } from '../postprocess/mask-levels.ts';
import type { ModelOutput, Surface } from '../stage.ts';
import { wholeFrame } from '../util/region.ts';

/** A frame and its matte on the GPU; what the matte was made of in main memory as well, where it came from and where pages want it. */
export class WebGlSurface implements Surface {
  /** `[height, width, 4] uint8`, RGBA: the frame at the mask's size, as the model saw it. */
  readonly guide: Uint8ClampedArray;
  frame: GlTexture;
  /** The frame's. */
  colorSpace: PredefinedColorSpace = 'srgb';
  hasMask = false;
  /** The part of the frame that the model saw, or is to see. */
  region = wholeFrame;
  readonly #output: ModelOutput;
  readonly #filter: GuidedFilter;
  readonly #onDestroy: (surface: WebGlSurface) => void;
  readonly #levels: MaskLevels;
  readonly #alpha: Float32Array;
  /** As many as a mask has pixels, of which a fit needs but a few. */
  readonly #coefficients: Float32Array;
  readonly #fit: Float32Array;
  #categories: Uint8Array | null = null;
  #coefficientTexture: GlTexture;
  #isRefined = false;
  /** The part of the frame under the mask. */
  #maskRegion = wholeFrame;
  #areLevelsKnown = false;

  constructor(
    gl: WebGL2RenderingContext,
    output: ModelOutput,
    filter: GuidedFilter,
    onDestroy: (surface: WebGlSurface) => void,
  ) {
    const pixels = output.width * output.height;
    this.guide = new Uint8ClampedArray(4 * pixels);
    this.frame = new GlTexture(gl, 'rgba8');
    this.#coefficientTexture = new GlTexture(gl, 'rgba32f');
    this.#output = output;
    this.#filter = filter;
    this.#onDestroy = onDestroy;
    this.#levels = new MaskLevels(output);
    this.#alpha = new Float32Array(pixels);
    this.#coefficients = new Float32Array(Math.max(4 * pixels, filter.coefficients.length));
    this.#fit = this.#coefficients.subarray(0, filter.coefficients.length);
  }

  get width(): number {
    return this.frame.width;
  }

  get height(): number {
    return this.frame.height;
  }

  get matte(): GlMatte {
    return {
      coefficients: this.#coefficientTexture,
      isRefined: this.#isRefined,
      region: this.#maskRegion,
    };
  }

  /** The mask at its own size: a frame's own pixels refine it on the GPU alone. */
  get levels(): MaskLevels {
    if (this.#areLevelsKnown) return this.#levels;
    if (this.#isRefined) this.#filter.apply(this.guide, this.#alpha, this.#fit);
    this.#levels.store(this.#alpha, this.#categories, this.#maskRegion);
    this.#areLevelsKnown = true;
    return this.#levels;
  }

  /** Takes a mask as it is. */
  setMask(mask: Float32Array): void {
    this.#alpha.set(mask);
    for (let i = 0; i < mask.length; i++) {
      this.#coefficients.fill(0, 4 * i, 4 * i + 3);
      this.#coefficients[4 * i + 3] = mask[i] as number;
    }
    this.#show(false);
  }

  /** Takes what the filter fitted last. */
  setFit(): void {
    this.#fit.set(this.#filter.coefficients);
    this.#show(true);
  }

  /** Takes the class of each pixel, where it is wanted. */
  setCategories(categories: Uint8Array | null): void {
    if (!categories) return;
    (this.#categories ??= new Uint8Array(categories.length)).set(categories);
  }

  /** Takes everything over to another context. */
  move(gl: WebGL2RenderingContext): void {
    const { frame: old } = this;
    this.frame = new GlTexture(gl, 'rgba8');
    this.#coefficientTexture = new GlTexture(gl, 'rgba32f');
    if (old.width > 0) this.frame.resize(old.width, old.height).write(old.read());
    if (this.hasMask) this.#writeCoefficients();
  }

  /** Begins anew in another context, empty. */
  reset(gl: WebGL2RenderingContext): void {
    this.frame = new GlTexture(gl, 'rgba8');
    this.#coefficientTexture = new GlTexture(gl, 'rgba32f');
    this.hasMask = false;
  }

  destroy(): void {
    this.frame.destroy();
    this.#coefficientTexture.destroy();
    this.#onDestroy(this);
  }

  #show(isRefined: boolean): void {
    this.#isRefined = isRefined;
    this.#maskRegion = this.region;
    this.#areLevelsKnown = false;
    this.hasMask = true;
    this.#writeCoefficients();
  }

  #writeCoefficients(): void {
    const texture = this.#coefficientTexture;
    const filter = this.#filter;
    if (this.#isRefined) texture.resize(filter.gridWidth, 3 * filter.gridHeight).write(this.#fit);
    else texture.resize(this.#output.width, this.#output.height).write(this.#coefficients);
  }
}
