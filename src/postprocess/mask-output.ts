import type { MaskData, MaskRequest } from '../protocol/messages.ts';
import type { ModelSpec } from '../stage.ts';
import { writeAlpha } from './alpha-image.ts';
import { resizeMask } from './resize-mask.ts';

/** A mask for the page, and what to transfer along with it. */
export interface BuiltMask {
  readonly mask: MaskData;
  readonly transfer: Transferable[];
}

/**
 * Makes of the model's answer what the page asked for.
 *
 * @param mask - float32, 0..1, row-major, at the model's output size. Not kept.
 * @param frameSize - Pixels; the mask's size with `size: 'source'`.
 */
export async function buildMask(
  mask: Float32Array,
  model: ModelSpec,
  { format, size, threshold }: MaskRequest,
  frameSize: { readonly width: number; readonly height: number },
  timestampUs: number,
): Promise<BuiltMask> {
  const { output } = model;
  const { width, height } = size === 'model' ? output : frameSize;
  const values = new Float32Array(width * height);
  resizeMask(mask, output.width, output.height, values, width, height);
  const head = { width, height, timestampUs, classes: output.classes };
  switch (format) {
    case 'float':
      return { mask: { ...head, content: { format, data: values } }, transfer: [values.buffer] };
    case 'alpha': {
      const data = Uint8Array.from(values, (value) => Math.round(255 * value));
      return { mask: { ...head, content: { format, data } }, transfer: [data.buffer] };
    }
    case 'categories': {
      const data = Uint8Array.from(values, (value) => (value >= threshold ? 1 : 0));
      return { mask: { ...head, content: { format, data } }, transfer: [data.buffer] };
    }
    case 'bitmap': {
      const image = new ImageData(width, height);
      writeAlpha(values, image);
      const bitmap = await createImageBitmap(image);
      return { mask: { ...head, content: { format, bitmap } }, transfer: [bitmap] };
    }
    default:
      return format satisfies never;
  }
}
