interface Size {
  readonly width: number;
  readonly height: number;
}

/**
 * Copies what the model saw, at the size of its mask: the pixel over the centre of each of the mask's.
 *
 * @param picture - `[input.height, input.width, 4] uint8`, RGBA.
 * @param guide - `[output.height, output.width, 4] uint8`. Filled here.
 */
export function copyGuide(
  picture: Uint8ClampedArray,
  input: Size,
  guide: Uint8ClampedArray,
  output: Size,
): void {
  if (input.width === output.width && input.height === output.height) {
    guide.set(picture);
    return;
  }
  for (let y = 0, to = 0; y < output.height; y++) {
    const row = Math.floor(((2 * y + 1) * input.height) / (2 * output.height)) * input.width;
    for (let x = 0; x < output.width; x++, to += 4) {
      const from = 4 * (row + Math.floor(((2 * x + 1) * input.width) / (2 * output.width)));
      for (let channel = 0; channel < 4; channel++) {
        guide[to + channel] = picture[from + channel] as number;
      }
    }
  }
}
