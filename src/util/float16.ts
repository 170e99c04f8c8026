/** 16-bit floats (IEEE 754 binary16) as their bits: `Float16Array` is younger than the browsers that run models. */

const floats = new Float32Array(1);
const bits = new Uint32Array(floats.buffer);

/** Bits of the nearest 16-bit float, ties to even; beyond 65504 infinity. */
export function encodeFloat16(value: number): number {
  floats[0] = value;
  const word = bits[0] as number;
  const sign = (word >>> 16) & 0x8000;
  const exponent = (word >>> 23) & 0xff;
  if (exponent === 0xff) return sign | 0x7c00 | (word & 0x7fffff ? 0x200 : 0);
  const shifted = exponent - 112;
  if (shifted >= 31) return sign | 0x7c00;
  // Below 2^-14 there are fewer digits, and below 2^-25 none.
  if (shifted < -10) return sign;
  const mantissa = (word & 0x7fffff) | 0x800000;
  const drop = shifted > 0 ? 13 : 14 - shifted;
  const kept = mantissa >>> drop;
  const rest = mantissa & ((1 << drop) - 1);
  const half = 1 << (drop - 1);
  const rounded = kept + Number(rest > half || (rest === half && (kept & 1) === 1));
  // The leading one of what is normal counts the exponent up by one, as does a carry.
  return sign | (shifted > 0 ? ((shifted - 1) << 10) + rounded : rounded);
}

export function decodeFloat16(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >>> 10) & 0x1f;
  const mantissa = half & 0x3ff;
  if (exponent === 0x1f) return mantissa ? NaN : sign * Infinity;
  if (exponent === 0) return sign * mantissa * 2 ** -24;
  return sign * (mantissa + 1024) * 2 ** (exponent - 25);
}
