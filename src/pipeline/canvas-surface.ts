import type { ColorGrid } from '../composite/edge-colors.ts';
import { Pixels } from '../composite/pixels.ts';
import type { GuidedFilter } from '../postprocess/guided-filter.ts';
import { MaskLevels } from '../postprocess/mask-levels.ts';
import type { ModelOutput, Surface } from '../stage.ts';
import { wholeFrame } from '../util/region.ts';
import type { FramePixels } from './frame-reader.ts';

/** A frame and its mask in main memory. */
export class CanvasSurface implements Surface {
  pixels = Pixels.create(1, 1);
  isOpaque = false;
  readonly mask: MaskLevels;
  /** `[height, width, 4] uint8`, RGBA: the frame at the mask's size, as the model saw it. */
  readonly guide: Uint8ClampedArray;
  /** Made by the last refinement. */
  readonly #colors: ColorGrid;
  isRefined = false;
  width = 0;
  height = 0;
  hasMask = false;
  /** The part of the frame that the model saw, or is to see. */
  region = wholeFrame;

  constructor(output: ModelOutput, { gridWidth, gridHeight }: GuidedFilter) {
    this.mask = new MaskLevels(output);
    const colors = new Float32Array(8 * gridWidth * gridHeight);
    this.#colors = { width: gridWidth, height: gridHeight, colors };
    this.guide = new Uint8ClampedArray(4 * output.width * output.height);
  }

  get grid(): ColorGrid | null {
    return this.isRefined ? this.#colors : null;
  }

  /** Takes what ForegroundColors found last. */
  setColors({ coefficients }: GuidedFilter): void {
    const { colors } = this.#colors;
    colors.set(coefficients.subarray(coefficients.length - colors.length));
  }

  show({ pixels, isOpaque }: FramePixels): void {
    this.pixels = pixels;
    this.isOpaque = isOpaque;
    this.width = pixels.width;
    this.height = pixels.height;
  }

  destroy(): void {
    this.pixels = Pixels.create(1, 1);
  }
}
