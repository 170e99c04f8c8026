import { Pixels } from '../composite/pixels.ts';
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
  width = 0;
  height = 0;
  hasMask = false;
  /** The part of the frame that the model saw, or is to see. */
  region = wholeFrame;

  constructor(output: ModelOutput) {
    this.mask = new MaskLevels(output);
    this.guide = new Uint8ClampedArray(4 * output.width * output.height);
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
