import type { MaskData, MaskRequest } from '../protocol/messages.ts';
import type { ModelSpec } from '../stage.ts';
import { resizeMask } from './resize-mask.ts';

/** A mask for another thread, and what to transfer with it. */
export interface BuiltMask {
  readonly mask: MaskData;
  readonly transfer: Transferable[];
}

/**
 * Turns a model's mask into what was asked for.
 *
 * @param values - `[output.height, output.width] float32`, 0..1, row-major. Not kept.
 * @param frameSize - Size of the frame as displayed, in pixels: that of a mask of size `source`.
 * @param timestampUs - Media time of the frame, in microseconds.
 * @returns Data of their own; a bitmap belongs to the caller, who closes or transfers it.
 */
export async function buildMask(
  values: Float32Array,
  model: ModelSpec,
  request: MaskRequest,
  frameSize: { readonly width: number; readonly height: number },
  timestampUs: number,
): Promise<BuiltMask> {
  const { output } = model;
  const { width, height } = request.size === 'model' ? output : frameSize;
  const resized = new Float32Array(width * height);
  resizeMask(values, output.width, output.height, resized, width, height);
  const head = { width, height, timestampUs, classes: output.classes };
  const { format } = request;
  switch (format) {
    case 'float':
      return { mask: { ...head, content: { format, data: resized } }, transfer: [resized.buffer] };
    case 'alpha': {
      const data = toBytes(resized);
      return { mask: { ...head, content: { format, data } }, transfer: [data.buffer] };
    }
    case 'categories': {
      const data = toCategories(resized, request.threshold);
      return { mask: { ...head, content: { format, data } }, transfer: [data.buffer] };
    }
    case 'bitmap': {
      const bitmap = await createImageBitmap(toStraightWhite(resized, width, height));
      return { mask: { ...head, content: { format, bitmap } }, transfer: [bitmap] };
    }
    default:
      return format satisfies never;
  }
}

/** 0..1 becomes 0..255. */
function toBytes(values: Float32Array): Uint8Array<ArrayBuffer> {
  // A clamped array rounds and clamps by itself.
  const bytes = new Uint8ClampedArray(values.length);
  for (let i = 0; i < values.length; i++) bytes[i] = (values[i] ?? 0) * 255;
  return new Uint8Array(bytes.buffer);
}

/** 1, the class after the background, from `threshold` on. */
function toCategories(values: Float32Array, threshold: number): Uint8Array<ArrayBuffer> {
  const categories = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) categories[i] = (values[i] ?? 0) >= threshold ? 1 : 0;
  return categories;
}

/** White whose straight alpha is the mask. */
function toStraightWhite(values: Float32Array, width: number, height: number): ImageData {
  const image = new ImageData(width, height);
  image.data.fill(255);
  for (let i = 0; i < values.length; i++) image.data[4 * i + 3] = (values[i] ?? 0) * 255;
  return image;
}
