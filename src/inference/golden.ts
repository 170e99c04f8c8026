/**
 * The proof that a backend computes a model right: a painted picture, and a coarse grid of the mask that it must
 * give. Drivers that answer without an error and wrong are found out by it.
 */

/** What the mask of the painted picture looks like, from far. */
export interface Golden {
  /** Size of the grid, in cells. */
  readonly width: number;
  readonly height: number;
  /** Mean of the mask over each cell, 0..255; row-major, top-left first. */
  readonly values: Uint8Array;
  /** Largest difference of a cell that passes, in levels of 255. */
  readonly tolerance: number;
}

/** A colour of the painting: red, green, blue, 0..255. */
type Color = readonly [red: number, green: number, blue: number];

const wallTop: Color = [150, 172, 190];
const wallBottom: Color = [196, 206, 212];
const skin: Color = [222, 172, 140];
const skinShade: Color = [196, 142, 112];
const hair: Color = [62, 42, 32];
const shirt: Color = [44, 66, 112];
const eye: Color = [46, 34, 30];
const lips: Color = [176, 92, 88];

/** Height of the painting, in its own units. */
const heightUnits = 1024;
/** How far left of the middle the figure stands, in units: a mirrored answer must not pass. */
const figureOffsetUnits = 96;

/**
 * Paints a person from the chest up before a plain wall, a little left of the middle.
 *
 * Only whole numbers are used, so every engine paints the same bytes; no canvas is, because drivers and
 * fingerprint protection change what a canvas gives back.
 *
 * @returns `width * height` opaque RGBA pixels, row-major, top-left first.
 */
export function paintGolden(width: number, height: number): Uint8ClampedArray<ArrayBuffer> {
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let row = 0; row < height; row++) {
    // The centre of the pixel, in units from the figure's axis and from the top.
    const y = Math.trunc(((2 * row + 1) * heightUnits) / (2 * height));
    for (let column = 0; column < width; column++) {
      const fromMiddle = Math.trunc(((2 * column + 1 - width) * heightUnits) / (2 * height));
      const [red, green, blue] = colorAt(fromMiddle + figureOffsetUnits, y);
      pixels.set([red, green, blue, 255], (row * width + column) * 4);
    }
  }
  return pixels;
}

/** Colour of the painting at a place in units: x from the figure's axis, y from the top, 0..1023. */
function colorAt(x: number, y: number): Color {
  const side = Math.abs(x);
  if (isInEllipse(side - 68, y - 372, 20, 12)) return eye;
  if (isInEllipse(x, y - 528, 58, 16)) return lips;
  if (isInEllipse(x, y - 440, 20, 40)) return skinShade;
  if (isInEllipse(x, y - 410, 158, 215) && y > 262) return mix(skin, skinShade, side, 220);
  if (isInEllipse(x, y - 350, 190, 210)) return hair;
  if (side < 88 && y > 500 && y < 720) return skinShade;
  if (isInEllipse(x, y - 1010, 400, 330)) return mix(shirt, hair, side, 800);
  return mix(wallTop, wallBottom, y, heightUnits);
}

function isInEllipse(x: number, y: number, radiusX: number, radiusY: number): boolean {
  return (
    x * x * radiusY * radiusY + y * y * radiusX * radiusX <= radiusX * radiusX * radiusY * radiusY
  );
}

/** `from` where `part` is 0, `to` where it is `whole`. */
function mix(from: Color, to: Color, part: number, whole: number): Color {
  const blend = (a: number, b: number): number => a + Math.trunc(((b - a) * part) / whole);
  return [blend(from[0], to[0]), blend(from[1], to[1]), blend(from[2], to[2])];
}

/**
 * Reduces a mask to the mean of each cell of a grid.
 *
 * @param mask - `width * height` probabilities 0..1, row-major, top-left first.
 * @param gridWidth - Number of cells across, at most `width`.
 * @param gridHeight - Number of cells down, at most `height`.
 * @returns `gridWidth * gridHeight` means, 0..255. Not a number becomes 0.
 */
export function summarizeMask(
  mask: Float32Array,
  width: number,
  height: number,
  gridWidth: number,
  gridHeight: number,
): Uint8Array<ArrayBuffer> {
  const sums = new Float64Array(gridWidth * gridHeight);
  const counts = new Uint32Array(gridWidth * gridHeight);
  for (let row = 0; row < height; row++) {
    const gridRow = Math.trunc((row * gridHeight) / height);
    for (let column = 0; column < width; column++) {
      const cell = gridRow * gridWidth + Math.trunc((column * gridWidth) / width);
      sums[cell] = (sums[cell] ?? 0) + (mask[row * width + column] ?? NaN);
      counts[cell] = (counts[cell] ?? 0) + 1;
    }
  }
  return Uint8Array.from(sums, (sum, cell) => {
    const level = Math.round((sum / (counts[cell] ?? 0)) * 255);
    return Math.min(Math.max(level || 0, 0), 255);
  });
}

/**
 * Whether a mask is what the model should have given for {@link paintGolden}.
 *
 * @param mask - `width * height` probabilities 0..1, row-major, top-left first.
 */
export function matchesGolden(
  mask: Float32Array,
  width: number,
  height: number,
  golden: Golden,
): boolean {
  if (mask.length !== width * height) return false;
  return summarizeMask(mask, width, height, golden.width, golden.height).every(
    (level, cell) => Math.abs(level - (golden.values[cell] ?? NaN)) <= golden.tolerance,
  );
}
