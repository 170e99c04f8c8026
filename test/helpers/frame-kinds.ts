import { createBitmap, paint, type Pixel, type Pixels } from './frames.ts';
import { quarterColors } from './pictures.ts';

/** A kind of frame that shows the four colours of {@link quarterColors}, or some of them. */
export interface FrameKind {
  readonly title: string;
  /** Null: an ImageBitmap. */
  readonly format: VideoPixelFormat | null;
  readonly width: number;
  readonly height: number;
  /** Which of {@link quarterColors} shows in the quarters: left and right above, left and right below. */
  readonly quarters: readonly [number, number, number, number];
  /** In levels of 255. */
  readonly tolerance: number;
  /** The same where the browser converts the frame on the CPU: to a 2D canvas or an ImageBitmap, with no GPU. */
  readonly cpuTolerance: number;
  create(): Promise<VideoFrame | ImageBitmap>;
}

/** VideoFrameInit with what the DOM types do not know yet. */
interface TurnedInit extends VideoFrameInit {
  readonly rotation?: number;
  readonly flip?: boolean;
}

/** Whether VideoFrames of this browser can be turned. */
export const canTurnFrames = 'rotation' in VideoFrame.prototype;

const [width, height] = [64, 48];
/** Bytes are copied, never computed with. */
const exact = 0;
/**
 * Studio-range YUV of 8 bits: a step of luma is 1.16 levels and one of chroma up to 2.1, each rounded to half a step
 * on the way in, and the sum to half a level on the way out.
 */
const yuvTolerance = 3;
/**
 * Chromium's conversion on the CPU (libyuv) cuts the weight of blue chroma in BT.709 from 2.11 to 2.0, the
 * most that its bytes can hold: 8 levels for the blue quarter.
 */
const bt709Tolerance = 11;

/** The four colours at 64x48. */
export function paintQuarters(w = width, h = height): Pixels {
  return paint(w, h, (x, y) => quarterPixel((2 * x < w ? 0 : 1) + (2 * y < h ? 0 : 2)));
}

function quarterPixel(index: number): Pixel {
  const [red, green, blue] = quarterColors[index] ?? [0, 0, 0];
  return [red, green, blue, 255];
}

function createPacked(
  format: 'RGBA' | 'BGRA',
  init: Partial<VideoFrameBufferInit> = {},
): VideoFrame {
  const { data } = paintQuarters();
  if (format === 'BGRA') {
    for (let i = 0; i < data.length; i += 4) {
      data.set([data[i + 2] ?? 0, data[i + 1] ?? 0, data[i] ?? 0], i);
    }
  }
  return new VideoFrame(data, {
    format,
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    ...init,
  });
}

/** The same frame turned, mirrored, cropped or stretched. */
function createTurned(init: TurnedInit, frame = createPacked('RGBA')): VideoFrame {
  const turned = new VideoFrame(frame, init);
  frame.close();
  return turned;
}

/** Luma and chroma weights of red and blue. */
const matrices = { bt709: [0.2126, 0.0722], smpte170m: [0.299, 0.114] } as const;

/** YUV of a colour, in studio range unless it is full. */
function toYuv(
  index: number,
  matrix: keyof typeof matrices,
  isFull = false,
): readonly [number, number, number] {
  const [red = 0, green = 0, blue = 0] = quarterPixel(index).map((level) => level / 255);
  const [redWeight, blueWeight] = matrices[matrix];
  const luma = redWeight * red + (1 - redWeight - blueWeight) * green + blueWeight * blue;
  const [black, lumaRange, chromaRange] = isFull ? [0, 255, 127.5] : [16, 219, 112];
  return [
    Math.round(black + lumaRange * luma),
    Math.round(128 + (chromaRange * (blue - luma)) / (1 - blueWeight)),
    Math.round(128 + (chromaRange * (red - luma)) / (1 - redWeight)),
  ];
}

function createPlanar(
  format: 'I420' | 'NV12',
  matrix: keyof typeof matrices,
  fullRange = false,
): VideoFrame {
  const plane = (w: number, h: number, channel: 0 | 1 | 2): number[] =>
    Array.from({ length: w * h }, (_, i) => {
      const quarter = (2 * (i % w) < w ? 0 : 1) + (2 * Math.floor(i / w) < h ? 0 : 2);
      return toYuv(quarter, matrix, fullRange)[channel];
    });
  const luma = plane(width, height, 0);
  const blue = plane(width / 2, height / 2, 1);
  const red = plane(width / 2, height / 2, 2);
  const chroma =
    format === 'I420' ? [...blue, ...red] : blue.flatMap((level, i) => [level, red[i] ?? 0]);
  return new VideoFrame(Uint8Array.from([...luma, ...chroma]), {
    format,
    codedWidth: width,
    codedHeight: height,
    timestamp: 0,
    // The transfer of the canvas, so that nothing is left to convert but the matrix and the range.
    colorSpace: { primaries: 'bt709', transfer: 'iec61966-2-1', matrix, fullRange },
  });
}

const turnedKinds: readonly FrameKind[] = [
  {
    title: 'a VideoFrame turned by 90 degrees',
    format: 'RGBA',
    width: height,
    height: width,
    quarters: [2, 0, 3, 1],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createTurned({ rotation: 90 })),
  },
  {
    title: 'a VideoFrame turned by 180 degrees',
    format: 'RGBA',
    width,
    height,
    quarters: [3, 2, 1, 0],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createTurned({ rotation: 180 })),
  },
  {
    title: 'a mirrored VideoFrame',
    format: 'RGBA',
    width,
    height,
    quarters: [1, 0, 3, 2],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createTurned({ flip: true })),
  },
  {
    title: 'a VideoFrame cropped to its right half and turned by 90 degrees',
    format: 'RGBA',
    width: height,
    height: width / 2,
    quarters: [3, 1, 3, 1],
    tolerance: exact,
    cpuTolerance: exact,
    create: () =>
      Promise.resolve(
        createTurned({
          rotation: 90,
          visibleRect: { x: width / 2, y: 0, width: width / 2, height },
        }),
      ),
  },
];

/** YUV frames that are not as they are stored. */
const changedPlanarKinds: readonly FrameKind[] = (
  [
    ['turned by 90 degrees', height, width, [2, 0, 3, 1], { rotation: 90 }],
    ['turned by 270 degrees', height, width, [1, 3, 0, 2], { rotation: 270 }],
    [
      'turned by 90 degrees and mirrored',
      height,
      width,
      [0, 2, 1, 3],
      { rotation: 90, flip: true },
    ],
    ['mirrored', width, height, [1, 0, 3, 2], { flip: true }],
    [
      'shown half as wide',
      width / 2,
      height,
      [0, 1, 2, 3],
      { displayWidth: width / 2, displayHeight: height },
    ],
    [
      'cropped to its right half',
      width / 2,
      height,
      [1, 1, 3, 3],
      { visibleRect: { x: width / 2, y: 0, width: width / 2, height } },
    ],
  ] as const
).map(([how, w, h, quarters, init]) => ({
  title: `a VideoFrame in I420 ${how}`,
  format: 'I420',
  width: w,
  height: h,
  quarters,
  tolerance: yuvTolerance,
  cpuTolerance: yuvTolerance,
  create: () => Promise.resolve(createTurned(init, createPlanar('I420', 'smpte170m'))),
}));

/** Compare away from the edges of the quarters: chroma is coarser than luma, and stretching blurs. */
export const frameKinds: readonly FrameKind[] = [
  ...(['RGBA', 'BGRA'] as const).map((format) => ({
    title: `a VideoFrame in ${format}`,
    format,
    width,
    height,
    quarters: [0, 1, 2, 3] as const,
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createPacked(format)),
  })),
  ...(['I420', 'NV12'] as const).flatMap((format) =>
    (['bt709', 'smpte170m'] as const).map((matrix) => ({
      title: `a VideoFrame in ${format}, ${matrix}`,
      format,
      width,
      height,
      quarters: [0, 1, 2, 3] as const,
      tolerance: yuvTolerance,
      cpuTolerance: matrix === 'bt709' ? bt709Tolerance : yuvTolerance,
      create: () => Promise.resolve(createPlanar(format, matrix)),
    })),
  ),
  {
    title: 'a VideoFrame in I420, full range',
    format: 'I420',
    width,
    height,
    quarters: [0, 1, 2, 3],
    tolerance: yuvTolerance,
    cpuTolerance: yuvTolerance,
    create: () => Promise.resolve(createPlanar('I420', 'smpte170m', true)),
  },
  {
    title: 'an ImageBitmap',
    format: null,
    width,
    height,
    quarters: [0, 1, 2, 3],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => createBitmap(paintQuarters()),
  },
  {
    title: 'a VideoFrame cropped to its right half',
    format: 'RGBA',
    width: width / 2,
    height,
    quarters: [1, 1, 3, 3],
    tolerance: exact,
    cpuTolerance: exact,
    create: () =>
      Promise.resolve(
        createPacked('RGBA', { visibleRect: { x: width / 2, y: 0, width: width / 2, height } }),
      ),
  },
  {
    title: 'a VideoFrame cropped to its lower half',
    format: 'RGBA',
    width,
    height: height / 2,
    quarters: [2, 3, 2, 3],
    tolerance: exact,
    cpuTolerance: exact,
    create: () =>
      Promise.resolve(
        createPacked('RGBA', { visibleRect: { x: 0, y: height / 2, width, height: height / 2 } }),
      ),
  },
  {
    title: 'a VideoFrame shown half as wide',
    format: 'RGBA',
    width: width / 2,
    height,
    quarters: [0, 1, 2, 3],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createTurned({ displayWidth: width / 2, displayHeight: height })),
  },
  {
    title: 'a VideoFrame shown twice as wide',
    format: 'RGBA',
    width: width * 2,
    height,
    quarters: [0, 1, 2, 3],
    tolerance: exact,
    cpuTolerance: exact,
    create: () => Promise.resolve(createTurned({ displayWidth: width * 2, displayHeight: height })),
  },
  ...(canTurnFrames ? [...turnedKinds, ...changedPlanarKinds] : []),
];

/** Largest difference in the middle of the quarters, in levels of 255. */
export function differenceFromKind(
  { data, width: w, height: h }: ImageData,
  kind: FrameKind,
): number {
  const differences = kind.quarters.flatMap((color, i) => {
    const x = Math.floor((w * (1 + 2 * (i % 2))) / 4);
    const y = Math.floor((h * (1 + 2 * Math.floor(i / 2))) / 4);
    return quarterPixel(color).map((level, channel) =>
      Math.abs(level - (data[4 * (y * w + x) + channel] ?? NaN)),
    );
  });
  return Math.max(...differences);
}
