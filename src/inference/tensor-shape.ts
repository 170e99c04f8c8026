import type { Dim, TensorInfo } from './onnx-header.ts';

/** How a tensor's axes are those of a picture. Each is an index into the dimensions, or null where there is no such axis. */
export interface PictureAxes {
  readonly layout: 'nhwc' | 'nchw';
  readonly batch: number | null;
  readonly channels: number | null;
  readonly height: number;
  readonly width: number;
}

/** Every way to read so many axes as a picture. */
const readings: Readonly<Record<number, readonly PictureAxes[]>> = {
  4: [
    { layout: 'nchw', batch: 0, channels: 1, height: 2, width: 3 },
    { layout: 'nhwc', batch: 0, channels: 3, height: 1, width: 2 },
  ],
  3: [
    { layout: 'nchw', batch: null, channels: 0, height: 1, width: 2 },
    { layout: 'nhwc', batch: null, channels: 2, height: 0, width: 1 },
    { layout: 'nchw', batch: 0, channels: null, height: 1, width: 2 },
  ],
  2: [{ layout: 'nchw', batch: null, channels: null, height: 0, width: 1 }],
};

/** The ways in which a tensor may be one picture, by what is known of its sizes. */
export function readPicture({ dims }: Pick<TensorInfo, 'dims'>): readonly PictureAxes[] {
  if (!dims) return [];
  return (readings[dims.length] ?? []).filter(
    ({ batch }) => batch === null || dims[batch] === 1 || typeof dims[batch] !== 'number',
  );
}

/** Size along an axis; 1 where there is none, null where it is open. */
export function sizeAlong(dims: readonly Dim[], axis: number | null): number | null {
  if (axis === null) return 1;
  const size = dims[axis];
  return typeof size === 'number' ? size : null;
}

/** `"image" float32 [1, height, ?, 3]` */
export function describeTensor({ name, type, dims }: TensorInfo): string {
  const sizes = dims ? `[${dims.map((size) => size ?? '?').join(', ')}]` : 'of any shape';
  return `"${name}" ${type} ${sizes}`;
}
