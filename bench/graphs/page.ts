/** The page's half of `npm run bench:graphs`. */
import type * as Ort from 'onnxruntime-web';

/** A file with options. */
export interface GraphVariant {
  readonly name: string;
  readonly url: string;
  readonly options: Readonly<Record<string, unknown>>;
}

export interface GraphTask {
  /** The first is what the others are compared with. */
  readonly variants: readonly GraphVariant[];
  /** URLs of pictures; those of the models' size are used. */
  readonly pictures: readonly string[];
  readonly threads: number;
  readonly runs: number;
}

export interface GraphResult {
  readonly name: string;
  /** Bytes of the file. */
  readonly sizeBytes: number;
  /** Creation of the session: the fastest of some. */
  readonly createMs: number;
  readonly firstRunMs: number;
  /** Of each run. */
  readonly runMs: readonly number[];
  /** Between its masks and those of the first variant. */
  readonly maxDifference: number;
  readonly meanDifference: number;
}

/** A variant that is ready to run. */
interface Loaded {
  readonly result: Omit<GraphResult, 'maxDifference' | 'meanDifference' | 'runMs'>;
  readonly runMs: number[];
  readonly session: Ort.InferenceSession;
  readonly inputs: readonly Ort.Tensor[];
}

/** By a URL, so that it is measured as it is shipped. */
const ortUrl = '/ort/ort.wasm.min.mjs';
const warmUpRuns = 10;
const creations = 5;

async function compare(task: GraphTask): Promise<GraphResult[]> {
  const ort = (await import(ortUrl)) as typeof Ort;
  ort.env.wasm.numThreads = task.threads;
  ort.env.logLevel = 'error';
  const loaded: Loaded[] = [];
  const pictures = new Map<string, Ort.Tensor[]>();
  for (const variant of task.variants) {
    const bytes = new Uint8Array(await (await fetch(variant.url)).arrayBuffer());
    const { session, createMs } = await createSession(ort, bytes, variant.options);
    // Tensors are made once for each shape, so that all sessions read the same memory.
    const shape = describeInput(session).dims.join();
    const inputs = pictures.get(shape) ?? (await loadPictures(ort, session, task.pictures));
    pictures.set(shape, inputs);
    const [input] = inputs;
    if (!input) throw new Error('There are no pictures of the size of the model.');
    const firstRunMs = (await timeRun(session, input)).elapsedMs;
    loaded.push({
      result: { name: variant.name, sizeBytes: bytes.byteLength, createMs, firstRunMs },
      runMs: [],
      session,
      inputs,
    });
  }
  const differences = await measureDifferences(loaded);
  await measureRuns(loaded, task.runs);
  return loaded.map(({ result, runMs }, index) => ({
    ...result,
    runMs,
    maxDifference: differences[index]?.max ?? NaN,
    meanDifference: differences[index]?.mean ?? NaN,
  }));
}

/** Creates the session some times over: the first one also compiles ONNX Runtime, and others are to be compared. */
async function createSession(
  ort: typeof Ort,
  bytes: Uint8Array,
  options: Ort.InferenceSession.SessionOptions,
): Promise<{ session: Ort.InferenceSession; createMs: number }> {
  let createMs = Infinity;
  for (let creation = 1; ; creation++) {
    const startedAt = performance.now();
    const session = await ort.InferenceSession.create(bytes, {
      executionProviders: ['wasm'],
      ...options,
    });
    createMs = Math.min(createMs, performance.now() - startedAt);
    if (creation === creations) return { session, createMs };
    await session.release();
  }
}

/** Runs take turns, and each variant is first as often as the others. */
async function measureRuns(loaded: readonly Loaded[], runs: number): Promise<void> {
  for (let run = -warmUpRuns; run < runs; run++) {
    for (let turn = 0; turn < loaded.length; turn++) {
      const { session, inputs, runMs } = loaded[
        (run + warmUpRuns + turn) % loaded.length
      ] as Loaded;
      const input = inputs[(run + warmUpRuns) % inputs.length] as Ort.Tensor;
      const { elapsedMs } = await timeRun(session, input);
      if (run >= 0) runMs.push(elapsedMs);
    }
  }
}

async function timeRun(
  session: Ort.InferenceSession,
  input: Ort.Tensor,
): Promise<{ elapsedMs: number; mask: Float32Array }> {
  const [inputName = ''] = session.inputNames;
  const [outputName = ''] = session.outputNames;
  const startedAt = performance.now();
  const output = (await session.run({ [inputName]: input }))[outputName];
  return { elapsedMs: performance.now() - startedAt, mask: output?.data as Float32Array };
}

async function measureDifferences(
  loaded: readonly Loaded[],
): Promise<{ max: number; mean: number }[]> {
  const expected: Float32Array[] = [];
  const differences: { max: number; mean: number }[] = [];
  for (const { session, inputs } of loaded) {
    let [max, sum, count] = [0, 0, 0];
    for (const [index, input] of inputs.entries()) {
      const { mask } = await timeRun(session, input);
      const reference = (expected[index] ??= mask.slice());
      for (const [place, value] of mask.entries()) {
        const difference = Math.abs(value - (reference[place] ?? NaN));
        // Not Math.max alone: a NaN must not pass for a small difference.
        if (!(difference <= max)) max = difference;
        sum += difference;
        count++;
      }
    }
    differences.push({ max, mean: sum / count });
  }
  return differences;
}

/** The pictures of the size that the model takes, as it takes them: float32, RGB, 0..1, NHWC or NCHW. */
async function loadPictures(
  ort: typeof Ort,
  session: Ort.InferenceSession,
  urls: readonly string[],
): Promise<Ort.Tensor[]> {
  const { dims, isNchw } = describeInput(session);
  const [height, width] = isNchw ? dims.slice(2) : dims.slice(1);
  if (height === undefined || width === undefined) return [];
  const tensors: Ort.Tensor[] = [];
  for (const url of urls) {
    const pixels = await decodePixels(url);
    if (pixels.width !== width || pixels.height !== height) continue;
    const size = width * height;
    const rgb = new Float32Array(3 * size);
    for (let i = 0; i < size; i++) {
      for (let c = 0; c < 3; c++) {
        rgb[isNchw ? c * size + i : 3 * i + c] = (pixels.data[4 * i + c] ?? NaN) / 255;
      }
    }
    tensors.push(new ort.Tensor('float32', rgb, dims));
  }
  return tensors;
}

function describeInput({ inputMetadata: [metadata] }: Ort.InferenceSession): {
  dims: number[];
  isNchw: boolean;
} {
  const dims = metadata?.isTensor ? metadata.shape.map(Number) : [];
  return { dims, isNchw: dims[1] === 3 };
}

/** The stored numbers, without colour management. */
async function decodePixels(url: string): Promise<ImageData> {
  const blob = await (await fetch(url)).blob();
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none' });
  const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d');
  if (!context) throw new Error('There is no 2D canvas.');
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}

Object.assign(globalThis, { bench: { compare } });
