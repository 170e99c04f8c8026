import type { ModelInput } from '../stage.ts';

/**
 * Fills a model's input tensor from pixels at the model's own size.
 *
 * @param pixels - RGBA, 8 bit, row-major, `input.width * input.height * 4` bytes. Alpha is ignored.
 * @param target - `[1, height, width, 3]` (nhwc) or `[1, 3, height, width]` (nchw) float32, in `input.order`,
 *   with 0 and 255 mapped to what `input.ranges` says of the colour.
 */
export function fillTensor(
  pixels: Uint8Array | Uint8ClampedArray,
  input: ModelInput,
  target: Float32Array,
): void {
  const [[redLow, redHigh], [greenLow, greenHigh], [blueLow, blueHigh]] = input.ranges;
  const redScale = (redHigh - redLow) / 255;
  const greenScale = (greenHigh - greenLow) / 255;
  const blueScale = (blueHigh - blueLow) / 255;
  const area = input.width * input.height;
  const [pixelStep, channelStep] = input.layout === 'nhwc' ? [3, 1] : [1, area];
  const redAt = input.order === 'rgb' ? 0 : 2 * channelStep;
  const greenAt = channelStep;
  const blueAt = input.order === 'rgb' ? 2 * channelStep : 0;
  for (let i = 0, from = 0, to = 0; i < area; i++, from += 4, to += pixelStep) {
    target[to + redAt] = (pixels[from] as number) * redScale + redLow;
    target[to + greenAt] = (pixels[from + 1] as number) * greenScale + greenLow;
    target[to + blueAt] = (pixels[from + 2] as number) * blueScale + blueLow;
  }
}
