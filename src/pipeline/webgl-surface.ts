import { GlTexture } from '../gl/gl-texture.ts';
import { MaskLevels } from '../postprocess/mask-levels.ts';
import type { CpuAnswer, ModelOutput, Surface } from '../stage.ts';

/** A frame and its mask on the GPU; the mask in main memory as well, where it came from and where pages want it. */
export class WebGlSurface implements Surface {
  readonly levels: MaskLevels;
  frame: GlTexture;
  mask: GlTexture;
  hasMask = false;
  readonly #onDestroy: (surface: WebGlSurface) => void;

  constructor(
    gl: WebGL2RenderingContext,
    output: ModelOutput,
    onDestroy: (surface: WebGlSurface) => void,
  ) {
    this.levels = new MaskLevels(output);
    [this.frame, this.mask] = createTextures(gl, output);
    this.#onDestroy = onDestroy;
  }

  get width(): number {
    return this.frame.width;
  }

  get height(): number {
    return this.frame.height;
  }

  setMask({ mask, categories }: CpuAnswer): void {
    this.levels.store(mask, categories);
    this.mask.write(mask);
    this.hasMask = true;
  }

  /** Takes everything over to another context. */
  move(gl: WebGL2RenderingContext): void {
    const { frame: old } = this;
    this.reset(gl);
    if (old.width > 0) this.frame.resize(old.width, old.height).write(old.read());
    this.mask.write(this.levels.values);
  }

  /** Begins anew in another context, empty. */
  reset(gl: WebGL2RenderingContext): void {
    [this.frame, this.mask] = createTextures(gl, this.levels);
  }

  destroy(): void {
    this.frame.destroy();
    this.mask.destroy();
    this.#onDestroy(this);
  }
}

function createTextures(
  gl: WebGL2RenderingContext,
  { width, height }: { readonly width: number; readonly height: number },
): [frame: GlTexture, mask: GlTexture] {
  return [new GlTexture(gl, 'rgba8'), new GlTexture(gl, 'r32f').resize(width, height)];
}
