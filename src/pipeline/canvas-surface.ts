import { CanvasMask } from '../postprocess/canvas-mask.ts';
import type { ModelOutput, Surface } from '../stage.ts';
import { createContext2D, resizeCanvas } from '../util/canvas-2d.ts';

/** A frame and its mask in main memory. */
export class CanvasSurface implements Surface {
  readonly frame = createContext2D(1, 1);
  readonly mask: CanvasMask;
  width = 0;
  height = 0;
  hasMask = false;

  constructor(output: ModelOutput) {
    this.mask = new CanvasMask(output);
  }

  /** Makes room for a frame of this size. */
  resize(width: number, height: number): void {
    resizeCanvas(this.frame, width, height);
    this.width = width;
    this.height = height;
  }

  destroy(): void {
    // Frees the pixels now instead of at the next garbage collection.
    resizeCanvas(this.frame, 0, 0);
    this.mask.destroy();
  }
}
