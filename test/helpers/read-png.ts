import { inflateSync } from 'node:zlib';

/** Pixels as they are stored, row-major, top-left first. */
export interface PngPixels {
  readonly width: number;
  readonly height: number;
  /** 3 for RGB, 4 for RGBA. */
  readonly channels: number;
  readonly data: Uint8Array;
}

/**
 * Decodes a PNG under Node, of the kind that browsers write: 8 bits, RGB or RGBA, not interlaced.
 *
 * @see https://www.w3.org/TR/png-3/
 */
export function readPng(file: Uint8Array): PngPixels {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const parts: Uint8Array[] = [];
  for (let at = 8; at < file.length; at += 12 + view.getUint32(at)) {
    const type = String.fromCharCode(...file.subarray(at + 4, at + 8));
    if (type === 'IDAT') parts.push(file.subarray(at + 8, at + 8 + view.getUint32(at)));
  }
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  const [depth, colorType, interlace] = [view.getUint8(24), view.getUint8(25), view.getUint8(28)];
  if (depth !== 8 || interlace !== 0 || (colorType !== 2 && colorType !== 6)) {
    throw new Error(`PNGs of ${depth} bits, colour type ${colorType}, are not read here.`);
  }
  const channels = colorType === 2 ? 3 : 4;
  const packed = inflateSync(Buffer.concat(parts));
  return { width, height, channels, data: unfilter(packed, height, width * channels, channels) };
}

/** Each row comes after a byte that says from which neighbours its bytes are differences. */
function unfilter(packed: Uint8Array, rows: number, rowBytes: number, step: number): Uint8Array {
  const data = new Uint8Array(rows * rowBytes);
  for (let row = 0; row < rows; row++) {
    const filter = packed[row * (rowBytes + 1)] ?? 0;
    for (let i = 0; i < rowBytes; i++) {
      const at = row * rowBytes + i;
      const left = i >= step ? (data[at - step] ?? 0) : 0;
      const above = row > 0 ? (data[at - rowBytes] ?? 0) : 0;
      const corner = i >= step && row > 0 ? (data[at - rowBytes - step] ?? 0) : 0;
      const predictions = [0, left, above, (left + above) >> 1, predict(left, above, corner)];
      data[at] = (packed[row * (rowBytes + 1) + 1 + i] ?? 0) + (predictions[filter] ?? NaN);
    }
  }
  return data;
}

/** Paeth's predictor. */
function predict(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const [toLeft, toAbove, toCorner] = [left, above, corner].map((value) =>
    Math.abs(guess - value),
  ) as [number, number, number];
  if (toLeft <= toAbove && toLeft <= toCorner) return left;
  return toAbove <= toCorner ? above : corner;
}
