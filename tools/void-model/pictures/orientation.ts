import type { Picture } from './decode.ts';

/** Exif's tag of the orientation. */
const orientationTag = 0x0112;
const app1Marker = 0xffe1;
const startOfScan = 0xffda;

/**
 * How a JPEG file says that it is to be shown: Exif's 1 (as stored) to 8; 1 where it says nothing.
 *
 * @see https://www.cipa.jp/std/documents/e/DC-008-2012_E.pdf 4.5.5 and 4.6.4
 */
export function readOrientation(file: Uint8Array): number {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  for (let at = 2; at + 4 <= file.length; at += 2 + view.getUint16(at + 2)) {
    const marker = view.getUint16(at);
    if (marker >> 8 !== 0xff || marker === startOfScan) break;
    if (marker !== app1Marker || at + 10 > file.length) continue;
    const isExif = view.getUint32(at + 4) === 0x45786966;
    const segment = file.subarray(at + 10, at + 2 + view.getUint16(at + 2));
    if (isExif) return readFromTiff(segment);
  }
  return 1;
}

function readFromTiff(tiff: Uint8Array): number {
  const view = new DataView(tiff.buffer, tiff.byteOffset, tiff.byteLength);
  if (tiff.length < 10) return 1;
  const isLittleEndian = view.getUint16(0) === 0x4949;
  const directory = view.getUint32(4, isLittleEndian);
  if (directory + 2 > tiff.length) return 1;
  const count = view.getUint16(directory, isLittleEndian);
  for (let i = 0; i < count; i++) {
    const at = directory + 2 + 12 * i;
    if (at + 12 > tiff.length) break;
    if (view.getUint16(at, isLittleEndian) !== orientationTag) continue;
    const value = view.getUint16(at + 8, isLittleEndian);
    return value >= 1 && value <= 8 ? value : 1;
  }
  return 1;
}

/** Shows a stored picture as `orientation` says: mirrored if it is 2, 4, 5 or 7, on its side from 5 on. */
export function turn(picture: Picture, orientation: number): Picture {
  if (orientation === 1) return picture;
  const { width: storedWidth, height: storedHeight } = picture;
  const isOnSide = orientation >= 5;
  const [width, height] = isOnSide ? [storedHeight, storedWidth] : [storedWidth, storedHeight];
  const fromRight = [2, 3, 7, 8].includes(orientation);
  const fromBottom = [3, 4, 6, 7].includes(orientation);
  const data = new Uint8Array(picture.data.length);
  const stored = new Uint32Array(picture.data.slice().buffer);
  const shown = new Uint32Array(data.buffer);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const [column, row] = isOnSide ? [y, x] : [x, y];
      const storedX = fromRight ? storedWidth - 1 - column : column;
      const storedY = fromBottom ? storedHeight - 1 - row : row;
      shown[y * width + x] = stored[storedY * storedWidth + storedX] ?? 0;
    }
  }
  return { width, height, data };
}
