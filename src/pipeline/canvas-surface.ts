import { Pixels } from '../composite/pixels.ts';
import { MaskLevels } from '../postprocess/mask-levels.ts';
import type { ModelOutput, Surface } from '../stage.ts';
import type { FramePixels } from './frame-reader.ts';

/** A frame and its mask in main memory. */
export class CanvasSurface implements Surface {
  pixels = Pixels.create(1, 1);
  isOpaque = false;
  readonly mask: MaskLevels;
  width = 0;
  height = 0;
  hasMask = false;

  constructor(output: ModelOutput) {
    this.mask = new MaskLevels(output);
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
