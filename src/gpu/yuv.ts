/** Colour spaces of YUV video whose conversion to sRGB is known here. Others are left to the browser. */

/** 3x3, row-major. */
export type Matrix3 = readonly [
  ...[number, number, number],
  ...[number, number, number],
  ...[number, number, number],
];

/** How to turn 8-bit YUV samples, read as 0..1, into sRGB. */
export interface YuvConversion {
  /** Subtracted from Y, U and V before. */
  readonly offset: readonly [number, number, number];
  /** From what is left to R'G'B' 0..1. */
  readonly matrix: Matrix3;
  /** From the linear light of the video's primaries to that of sRGB's; null where both are the same. */
  readonly gamut: Matrix3 | null;
}

/** Weights of red and blue in luma: ITU-R BT.709-6, table 3.2, and BT.601-7, section 2.5.1. */
const lumaWeights: Readonly<Record<string, readonly [red: number, blue: number]>> = {
  bt709: [0.2126, 0.0722],
  smpte170m: [0.299, 0.114],
  bt470bg: [0.299, 0.114],
};

/** By the chromaticities of SMPTE ST 170 and ITU-R BT.470 (system B, G) against those of BT.709; white is D65. */
const gamuts: Readonly<Record<string, Matrix3 | null>> = {
  bt709: null,
  smpte170m: [
    0.939542, 0.050181, 0.010277, 0.017772, 0.965793, 0.016435, -0.001622, -0.00437, 1.005991,
  ],
  bt470bg: [1.044043, -0.044043, 0, 0, 1, 0, 0, 0.011793, 0.988207],
};

/** All are shown as if encoded by the curve of sRGB, as browsers do with video. */
const transfers = ['bt709', 'smpte170m', 'iec61966-2-1'];

/** Returns null for a colour space that is not known here: wide gamuts, high dynamic range. What is not told is BT.709. */
export function describeYuv(space: VideoColorSpaceInit): YuvConversion | null {
  const weights = lumaWeights[space.matrix ?? 'bt709'];
  const gamut = gamuts[space.primaries ?? 'bt709'];
  if (!weights || gamut === undefined || !transfers.includes(space.transfer ?? 'bt709'))
    return null;
  const [red, blue] = weights;
  const green = 1 - red - blue;
  const isFull = space.fullRange ?? false;
  const luma = isFull ? 1 : 255 / 219;
  const chroma = isFull ? 1 : 255 / 224;
  const matrix: Matrix3 = [
    ...[luma, 0, 2 * (1 - red) * chroma],
    ...[luma, (-2 * blue * (1 - blue) * chroma) / green, (-2 * red * (1 - red) * chroma) / green],
    ...[luma, 2 * (1 - blue) * chroma, 0],
  ] as unknown as Matrix3;
  return { offset: [isFull ? 0 : 16 / 255, 128 / 255, 128 / 255], matrix, gamut };
}
