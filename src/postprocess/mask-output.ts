import type { MaskData, MaskRequest } from '../protocol/messages.ts';
import type { MaskPixels, MaskReading, ModelOutput } from '../stage.ts';

/** A mask for another thread, and what to transfer with it. */
export interface BuiltMask {
  readonly mask: MaskData;
  readonly transfer: Transferable[];
}

/**
 * What to ask of a renderer for a mask of a frame of this size, in pixels, as displayed.
 *
 * @param hasCategories - Whether the class of each pixel was kept.
 */
export function planReading(
  { format, size, threshold }: MaskRequest,
  output: ModelOutput,
  frameSize: { readonly width: number; readonly height: number },
  hasCategories = false,
): MaskReading {
  const { width, height } = size === 'model' ? output : frameSize;
  const values = hasCategories && format === 'categories' ? 'categories' : valuesOf(format);
  return { width, height, threshold, values };
}

/**
 * Makes of a renderer's answer what was asked for.
 *
 * @param pixels - What a renderer read by the plan of `request`. Taken over.
 * @param timestampUs - Media time of the frame, in microseconds.
 * @returns Data of their own; a bitmap belongs to the caller, who closes or transfers it.
 */
export async function buildMask(
  pixels: MaskPixels,
  { width, height }: MaskReading,
  { format }: MaskRequest,
  { classes }: ModelOutput,
  timestampUs: number,
): Promise<BuiltMask> {
  const head = { width, height, timestampUs, classes };
  if (format === 'bitmap') {
    const bitmap = await createImageBitmap(toStraightWhite(pixels, width, height));
    return { mask: { ...head, content: { format, bitmap } }, transfer: [bitmap] };
  }
  const content = { format, data: pixels } as Exclude<MaskData['content'], { format: 'bitmap' }>;
  return { mask: { ...head, content }, transfer: [pixels.buffer] };
}

function valuesOf(format: MaskRequest['format']): MaskReading['values'] {
  switch (format) {
    case 'float':
      return 'floats';
    case 'categories':
      return 'classes';
    case 'alpha':
    case 'bitmap':
      return 'levels';
    default:
      return format satisfies never;
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
