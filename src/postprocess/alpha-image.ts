/**
 * Writes a mask as the alpha of white pixels.
 *
 * @param mask - float32, 0..1, row-major.
 * @param image - As large as the mask. RGBA, 8 bit, straight alpha.
 */
export function writeAlpha(mask: Float32Array, image: ImageData): void {
  const pixels = new Uint32Array(image.data.buffer);
  for (let i = 0; i < pixels.length; i++) {
    // Every platform with a browser is little-endian: alpha is the highest byte.
    pixels[i] = (Math.round((mask[i] as number) * 255) << 24) | 0xffffff;
  }
}
