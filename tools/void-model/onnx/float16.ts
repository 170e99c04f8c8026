/** IEEE 754 half precision: 1 sign bit, 5 of exponent (bias 15), 10 of fraction. */

/** Widens 16-bit floats, given as bits. Every one of them is a float32 exactly. */
export function decodeFloat16(bits: Uint16Array): Float32Array {
  return Float32Array.from(bits, (half) => {
    const sign = half & 0x8000 ? -1 : 1;
    const exponent = (half >> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0) return sign * fraction * 2 ** -24;
    if (exponent === 0x1f) return fraction === 0 ? sign * Infinity : NaN;
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
  });
}

/** Narrows float32 to the bits of 16-bit floats, or returns null where one of them would change. */
export function encodeFloat16Exactly(values: Float32Array): Uint16Array | null {
  const wide = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const narrow = new Uint16Array(values.length);
  for (const [index, bits] of wide.entries()) {
    const half = narrowExactly(bits);
    if (half === null) return null;
    narrow[index] = half;
  }
  return narrow;
}

/** Narrows the bits of one float32 (1 sign, 8 exponent with bias 127, 23 fraction). Not a number: null. */
function narrowExactly(bits: number): number | null {
  const sign = (bits >>> 16) & 0x8000;
  const exponent = (bits >>> 23) & 0xff;
  const fraction = bits & 0x7fffff;
  if (exponent === 0) return fraction === 0 ? sign : null;
  if (exponent === 0xff) return fraction === 0 ? sign | 0x7c00 : null;
  const power = exponent - 127;
  if (power > 15 || power < -24) return null;
  if (power >= -14) {
    return fraction & 0x1fff ? null : sign | ((power + 15) << 10) | (fraction >>> 13);
  }
  // Subnormal: the leading 1 is stored too, in steps of 2^-24.
  const significand = fraction | 0x800000;
  const shift = -1 - power;
  return significand & ((1 << shift) - 1) ? null : sign | (significand >>> shift);
}

/** Largest finite 16-bit float. */
const maxFloat16 = 65504;

/** Narrows float32 to the bits of the nearest 16-bit floats, ties to even; what is beyond ±65504 becomes that. */
export function roundToFloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(values, (value) => {
    if (Number.isNaN(value)) return 0x7e00;
    const sign = value < 0 || Object.is(value, -0) ? 0x8000 : 0;
    const size = Math.min(Math.abs(value), maxFloat16);
    // The step between neighbours: 2^-24 for subnormals, else 2^-10 of the power of two below.
    const exponent = Math.max(Math.floor(Math.log2(size)), -14);
    const steps = roundHalfToEven(size / 2 ** (exponent - 10));
    // A carry out of the fraction lands in the exponent, where it belongs.
    return sign | (((exponent + 14) << 10) + steps);
  });
}

function roundHalfToEven(value: number): number {
  const rounded = Math.round(value);
  return rounded - value === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded;
}
