import { decode as decodeJpeg } from 'jpeg-js';
import { PNG } from 'pngjs';

import { ToolError } from '../tool-error.ts';
import { readOrientation, turn } from './orientation.ts';

/** A decoded picture: RGBA, 8 bits each, straight alpha, row-major, top-left first. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/**
 * Decodes a JPEG or PNG file, upright by its Exif orientation, as browsers show it.
 *
 * @param name - For the error message.
 * @throws ToolError `file` for what is neither, or is damaged.
 */
export function decodePicture(file: Uint8Array, name: string): Picture {
  const kind = pictureKind(file);
  if (!kind) throw new ToolError('file', `"${name}" is neither a JPEG nor a PNG file.`);
  try {
    return kind === 'png' ? decodePng(file) : decodeJpegUpright(file);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ToolError('file', `"${name}" cannot be decoded: ${reason}`, { cause });
  }
}

function pictureKind(file: Uint8Array): 'jpeg' | 'png' | null {
  if (file[0] === 0xff && file[1] === 0xd8) return 'jpeg';
  return file[0] === 0x89 && file[1] === 0x50 && file[2] === 0x4e ? 'png' : null;
}

function decodePng(file: Uint8Array): Picture {
  const { width, height, data } = PNG.sync.read(Buffer.from(file));
  return { width, height, data };
}

/** Most memory that decoding one picture may take, in MB: enough for 50 megapixels. */
const maxMemoryUsageInMB = 2048;

function decodeJpegUpright(file: Uint8Array): Picture {
  const { width, height, data } = decodeJpeg(file, { useTArray: true, maxMemoryUsageInMB });
  return turn({ width, height, data }, readOrientation(file));
}
