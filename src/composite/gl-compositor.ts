import { GlProgram, type GlTarget } from '../gl/gl-program.ts';
import { GlTexture } from '../gl/gl-texture.ts';
import alphaAt from '../postprocess/alpha-at.glsl';
import type { Effect, EffectOptions, Rgba } from '../stage.ts';
import type { Region } from '../util/region.ts';
import sumsCode from './background-sums.glsl';
import { gaussianWeights, planBlur } from './blur-plan.ts';
import compositeCode from './composite.glsl';
import coverCode from './cover.glsl';
import { toColorSpace } from './display-p3.ts';
import { fitCover, type Size } from './fit-cover.ts';
import gaussianCode from './gaussian.glsl';

/** What turns the colours of a frame into alpha. */
export interface GlMatte {
  readonly coefficients: GlTexture;
  readonly isRefined: boolean;
  /** The part of the frame under the coefficients; beyond it there is nobody. */
  readonly region: Region;
}

/** A frame and its mask on the GPU. */
export interface GlScene {
  /** Premultiplied. */
  readonly frame: GlTexture;
  /** The frame's, and that of all that is drawn. */
  readonly colorSpace: PredefinedColorSpace;
  /** See alpha-at.glsl; only `none` does without. */
  readonly matte: GlMatte;
}

const effects: readonly Effect[] = ['none', 'mask', 'cutout', 'blur', 'replace'];

/** Draws a frame with its mask by WebGL2; the twin of CompositePass, BlurPass and BackdropPass. */
export class GlCompositor {
  readonly #composites: ReadonlyMap<Effect, GlProgram>;
  readonly #sumProgram: GlProgram;
  readonly #gaussian: GlProgram;
  readonly #cover: GlProgram;
  readonly #sums: GlTexture;
  readonly #halfBlurred: GlTexture;
  readonly #backdrop: GlTexture;
  readonly #nothing: GlTexture;
  #picture: GlTexture | null = null;
  /** What the backdrop shows. */
  #drawn = '';

  /** @param gl - Able to render to half floats. */
  constructor(gl: WebGL2RenderingContext) {
    this.#composites = new Map(
      effects.map((effect, number) => [
        effect,
        new GlProgram(gl, alphaAt + compositeCode, { EFFECT: number }),
      ]),
    );
    this.#sumProgram = new GlProgram(gl, alphaAt + sumsCode);
    this.#gaussian = new GlProgram(gl, gaussianCode);
    this.#cover = new GlProgram(gl, coverCode);
    this.#sums = new GlTexture(gl, 'rgba16f');
    this.#halfBlurred = new GlTexture(gl, 'rgba16f');
    this.#backdrop = new GlTexture(gl, 'rgba8');
    this.#nothing = new GlTexture(gl, 'rgba8').resize(1, 1);
  }

  /** @param picture - Premultiplied, the caller's; call again when its pixels have changed. */
  setPicture(picture: GlTexture | null): void {
    this.#picture = picture;
    this.#drawn = '';
  }

  /** @param target - As large as the frame. One that is no texture is a canvas. */
  draw(target: GlTarget, { frame, colorSpace, matte }: GlScene, options: EffectOptions): void {
    const { effect, blurRadiusPx, backgroundColor } = options;
    let backdrop: GlTexture = frame;
    if (effect === 'blur') backdrop = this.#blur(frame, matte, blurRadiusPx);
    else if (effect === 'replace') backdrop = this.#coverFrame(frame, backgroundColor, colorSpace);
    const isUpsideDown = target instanceof GlTexture ? 0 : 1;
    const textures = { frame, coefficients: matte.coefficients, backdrop };
    this.#composites.get(effect)?.draw(target, textures, { isUpsideDown, ...uniformsOf(matte) });
  }

  /** Sums of colour * weight, with the weight in alpha. Valid until the next call. */
  #blur(frame: GlTexture, matte: GlMatte, radiusPx: number): GlTexture {
    const { width, height, sigmaPx } = planBlur(frame.width, frame.height, radiusPx);
    const sums = this.#sums.resize(width, height);
    const halfBlurred = this.#halfBlurred.resize(width, height);
    const { coefficients } = matte;
    const uniforms = { targetSize: [width, height], ...uniformsOf(matte) };
    this.#sumProgram.draw(sums, { frame, coefficients }, uniforms);
    const weights = gaussianWeights(sigmaPx);
    const kernel = { radius: weights.length - 1, weights };
    this.#gaussian.draw(halfBlurred, { sums }, { ...kernel, stride: [1, 0] });
    this.#gaussian.draw(sums, { sums: halfBlurred }, { ...kernel, stride: [0, 1] });
    return sums;
  }

  /** The picture over the colour. Drawn only when something changed. */
  #coverFrame(size: Size, color: Rgba, colorSpace: PredefinedColorSpace): GlTexture {
    const picture = this.#picture;
    const backdrop = this.#backdrop;
    const wanted = `${size.width} ${size.height} ${colorSpace} ${color.join(' ')}`;
    if (wanted === this.#drawn) return backdrop;
    this.#drawn = wanted;
    const [red, green, blue, alpha] = toColorSpace(color, colorSpace);
    const fillColor = [red * alpha, green * alpha, blue * alpha, alpha];
    const { width, height } = size;
    backdrop.resize(width, height);
    if (!picture) {
      // An empty picture, of which nothing is to be seen.
      const uniforms = {
        fillColor,
        targetSize: [1, 1],
        visibleOrigin: [0, 0],
        visibleSize: [0, 0],
        isWide: 0,
      };
      this.#cover.draw(backdrop, { picture: this.#nothing }, uniforms);
      return backdrop;
    }
    const visible = fitCover(picture, size);
    this.#cover.draw(
      backdrop,
      { picture },
      {
        fillColor,
        targetSize: [width, height],
        visibleOrigin: [visible.x / picture.width, visible.y / picture.height],
        visibleSize: [visible.width / picture.width, visible.height / picture.height],
        isWide: Number(colorSpace === 'display-p3'),
      },
    );
    return backdrop;
  }
}

/** For alpha-at.glsl. */
function uniformsOf({ isRefined, region: { x, y, width, height } }: GlMatte): {
  readonly isRefined: number;
  readonly region: readonly number[];
} {
  return { isRefined: Number(isRefined), region: [x, y, width, height] };
}
