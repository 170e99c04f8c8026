import { SegmenterError } from '../errors.ts';
import type { MaskData, MaskRequest } from '../protocol/messages.ts';
import type { MaskPixels, MaskReading, ModelOutput } from '../stage.ts';
import { ContourTracer } from './contour-tracer.ts';

/** Traces in one go, so that one set of buffers serves all. */
const tracer = new ContourTracer();

interface Size {
  readonly width: number;
  readonly height: number;
}

/** A mask for another thread, and what to transfer with it. */
export interface BuiltMask {
  readonly mask: MaskData;
  readonly transfer: Transferable[];
}

/**
 * What to ask of a renderer for a mask of a frame of this size, in pixels, as displayed. Contours are traced at the size of the model's
 * answer, whatever part of the frame that is of: enough for a path, and fast.
 *
 * @param hasCategories - Whether the class of each pixel was kept.
 */
export function planReading(
  request: MaskRequest,
  output: ModelOutput,
  frameSize: Size,
  hasCategories = false,
): MaskReading {
  const { format, threshold } = request;
  const { width, height } = format === 'contour' ? output : sizeOf(request, output, frameSize);
  const values = hasCategories && format === 'categories' ? 'categories' : valuesOf(format);
  return { width, height, threshold, values };
}

/**
 * Makes of a renderer's answer what was asked for.
 *
 * @param pixels - What a renderer read by the plan of `request` for a frame of this size. Taken over.
 * @param timestampUs - Media time of the frame, in microseconds.
 * @returns Data of their own; a bitmap belongs to the caller, who closes or transfers it.
 */
export async function buildMask(
  pixels: MaskPixels,
  frameSize: Size,
  request: MaskRequest,
  output: ModelOutput,
  timestampUs: number,
): Promise<BuiltMask> {
  const { format, threshold } = request;
  const { width, height } = sizeOf(request, output, frameSize);
  const head = { width, height, timestampUs, classes: output.classes };
  if (format === 'bitmap') {
    const bitmap = await createImageBitmap(toStraightWhite(pixels, width, height));
    return { mask: { ...head, content: { format, bitmap } }, transfer: [bitmap] };
  }
  if (format === 'contour') {
    const contour = tracer.trace(pixels as Float32Array, output, threshold, { width, height });
    const transfer = contour.points.map(({ buffer }) => buffer);
    return { mask: { ...head, content: { format, ...contour } }, transfer };
  }
  const content = { format, data: pixels } as Extract<MaskData['content'], { data: unknown }>;
  return { mask: { ...head, content }, transfer: [pixels.buffer] };
}

function sizeOf({ size }: MaskRequest, output: ModelOutput, frameSize: Size): Size {
  return size === 'model' ? output : frameSize;
}

function valuesOf(format: MaskRequest['format']): MaskReading['values'] {
  switch (format) {
    case 'float':
    case 'contour':
      return 'floats';
    case 'categories':
      return 'classes';
    case 'alpha':
    case 'bitmap':
      return 'levels';
    default:
      // By a page whose code was not checked.
      throw new SegmenterError(
        'option-invalid',
        `output: "${String(format satisfies never)}" is not known. It takes "alpha", "float", "bitmap", "categories", "contour".`,
      );
  }
}

/** White whose straight alpha is the mask. */
function toStraightWhite(levels: MaskPixels, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  // A pixel at once: red, green, blue and alpha from the lowest byte up, as every machine with WebAssembly lays them.
  const colors = new Uint32Array(image.data.buffer);
  for (let i = 0; i < colors.length; i++) colors[i] = 0xffffff | ((levels[i] as number) << 24);
  return image;
}
