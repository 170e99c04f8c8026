import type { MaskPixels, MaskReading } from '../stage.ts';
import type { MaskLevels } from './mask-levels.ts';
import { MaskSpans, type SpanPainter } from './mask-spans.ts';
import { resizeMask } from './resize-mask.ts';

/**
 * Reads masks in main memory.
 *
 * Levels, which most listeners want, are computed along edges only, from the mask's own levels: a third of the time.
 */
export class MaskSampler {
  readonly #spans = new MaskSpans();

  /** @returns Data of their own. */
  sample(mask: MaskLevels, { width, height, values, threshold }: MaskReading): MaskPixels {
    switch (values) {
      case 'floats':
        return stretch(mask, width, height);
      case 'levels': {
        const levels = new Uint8Array(width * height);
        this.#spans.paint(mask, width, height, new LevelPainter(this.#spans, levels, width));
        return levels;
      }
      case 'classes':
        return toClasses(stretch(mask, width, height), threshold);
      case 'categories':
        return sampleNearest(mask, width, height);
      default:
        return values satisfies never;
    }
  }
}

/** Writes 0..255. */
class LevelPainter implements SpanPainter {
  constructor(
    private readonly spans: MaskSpans,
    private readonly levels: Uint8Array,
    private readonly width: number,
  ) {}

  background(): void {
    // Is 0 already.
  }

  person(from: number, to: number, y: number): void {
    this.levels.fill(255, y * this.width + from, y * this.width + to);
  }

  edge(from: number, to: number, y: number): void {
    const start = y * this.width;
    for (let x = from; x < to; x++) {
      this.levels[start + x] = (this.spans.weightAt(x) + 128) >> 8;
    }
  }
}

function stretch(mask: MaskLevels, width: number, height: number): Float32Array<ArrayBuffer> {
  const resized = new Float32Array(width * height);
  resizeMask(mask.values, mask.width, mask.height, resized, width, height, mask.region);
  return resized;
}

/** The class of the pixel of the mask in which the centre of a pixel lies; beyond the mask the background. */
function sampleNearest(mask: MaskLevels, width: number, height: number): Uint8Array<ArrayBuffer> {
  const sampled = new Uint8Array(width * height);
  const { categories, region } = mask;
  if (!categories) throw new Error('No categories were kept.');
  const columns = nearestAlong(width, mask.width, region.x, region.width);
  const rows = nearestAlong(height, mask.height, region.y, region.height);
  for (let y = 0, to = 0; y < height; y++) {
    const row = rows[y] as number;
    for (let x = 0; x < width; x++, to++) {
      const column = columns[x] as number;
      if (row >= 0 && column >= 0) {
        sampled[to] = categories[row * mask.width + column] as number;
      }
    }
  }
  return sampled;
}

/** -1 where the source does not reach. */
function nearestAlong(
  targetSize: number,
  sourceSize: number,
  start: number,
  length: number,
): Int32Array {
  return Int32Array.from({ length: targetSize }, (_, i) => {
    const place = Math.floor((((i + 0.5) / targetSize - start) / length) * sourceSize);
    return place >= 0 && place < sourceSize ? place : -1;
  });
}

/** 1, the class after the background, from `threshold` on. */
function toClasses(values: Float32Array, threshold: number): Uint8Array<ArrayBuffer> {
  const classes = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) classes[i] = Number((values[i] as number) >= threshold);
  return classes;
}
