import type { ClassTensor } from '../../src/util/class-reducer.ts';

/** A tensor of `channels` channels, with a class for each; of two classes if there is one channel. */
export function createTensor(
  kind: ClassTensor['kind'],
  layout: ClassTensor['layout'],
  channels: number,
  [width, height]: readonly [number, number] = [7, 5],
): ClassTensor & { readonly name: string } {
  const classes = Array.from({ length: Math.max(2, channels) }, (_, i) => `class ${i}`);
  return { name: 'classes', kind, layout, width, height, channels, classes };
}

/**
 * An answer, by pixel and channel, in the order of its layout.
 *
 * @param pixels - Values of each channel, for each pixel.
 */
export function layOut(
  { layout, channels }: ClassTensor,
  pixels: readonly (readonly number[])[],
): Float32Array<ArrayBuffer> {
  const answer = new Float32Array(pixels.length * channels);
  for (const [pixel, values] of pixels.entries()) {
    for (const [channel, value] of values.entries()) {
      answer[layout === 'nhwc' ? pixel * channels + channel : channel * pixels.length + pixel] =
        value;
    }
  }
  return answer;
}

/** Noise that a model of this kind might answer, the same each time. */
export function createNoise(tensor: ClassTensor): Float32Array<ArrayBuffer> {
  const { kind, width, height, channels } = tensor;
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
  const pixels = Array.from({ length: width * height }, () => {
    const values = Array.from({ length: channels }, next);
    if (kind === 'logits') return values.map((value) => 40 * value - 20);
    if (kind === 'probability') return values;
    const sum = values.reduce((a, b) => a + b);
    return values.map((value) => value / sum);
  });
  return layOut(tensor, pixels);
}
