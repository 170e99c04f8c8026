/** The browser's half of the benchmark. The command calls what is left in `globalThis.bench`. */
import type { StageTimes } from '../../src/stage.ts';
import { loadFrames } from './clip-frames.ts';
import { createSubject } from './create-subject.ts';
import { PageThreadWatch, type PageThreadReport } from './page-thread.ts';
import type { Subject, SubjectOptions, View } from './subject.ts';
import { measureTransfers } from './transfers.ts';

/** What one stretch of frames, one right after the other, came to. */
export interface BlockReport {
  /** From each frame's end to the next one's, in milliseconds. */
  readonly frameMs: readonly number[];
  readonly stages: readonly StageTimes[];
  /** Frames run before these, not counted in them. */
  readonly warmUpFrames: number;
}

/** How long to run. */
export interface BlockOptions {
  /** Before counting: a GPU that has waited runs slowly at first. */
  readonly warmUpMs: number;
  readonly durationMs: number;
  readonly maxFrames: number;
}

/** What a stretch of the clip in real time came to. */
export interface PlayReport extends PageThreadReport {
  readonly shown: number;
  readonly dropped: number;
  readonly seconds: number;
}

let subject: Subject | undefined;
let frames: VideoFrame[] = [];
let next = 0;

function loaded(): Subject {
  if (!subject) throw new Error('Nothing is loaded.');
  return subject;
}

const bench = {
  /** Loads a subject and, unless the clip is only played, pictures to feed it. */
  async load(options: SubjectOptions, frameCount: number): Promise<void> {
    subject = await createSubject(options);
    if (frameCount > 0) frames = await loadFrames(options.clipUrl, frameCount);
  },

  /** Runs frames through until the time is over or enough were run, whichever comes first. */
  async runBlock(
    view: View,
    { warmUpMs, durationMs, maxFrames }: BlockOptions,
  ): Promise<BlockReport> {
    const running = loaded();
    running.configure(view);
    const frameMs: number[] = [];
    const step = async (): Promise<void> => {
      await running.process(frames[next++ % frames.length] as VideoFrame);
    };
    const warmMs = performance.now() + warmUpMs;
    // The first ones after a change pay for it.
    let warmUpFrames = 0;
    for (; warmUpFrames < 3 || performance.now() < warmMs; warmUpFrames++) await step();
    await running.settle();
    running.takeStages();
    const endMs = performance.now() + durationMs;
    let lastMs = performance.now();
    while (lastMs < endMs && frameMs.length < maxFrames) {
      await step();
      const nowMs = performance.now();
      frameMs.push(nowMs - lastMs);
      lastMs = nowMs;
    }
    await running.settle();
    return { frameMs, stages: running.takeStages(), warmUpFrames };
  },

  /** Plays the clip. Resolves at the first frame drawn, with the milliseconds since the navigation began. */
  async play(view: View): Promise<number> {
    loaded().configure(view);
    await loaded().play();
    return performance.now();
  },

  /** Watches what plays. */
  async watch(durationMs: number): Promise<PlayReport> {
    const before = loaded().counts();
    const startMs = performance.now();
    const watch = new PageThreadWatch();
    await new Promise((resolve) => setTimeout(resolve, durationMs));
    const after = loaded().counts();
    return {
      ...watch.stop(),
      shown: after.shown - before.shown,
      dropped: after.dropped - before.dropped,
      seconds: (performance.now() - startMs) / 1000,
    };
  },

  measureTransfers,
};

export type Bench = typeof bench;

/** What a page is told by `?start=` to play as soon as it is there. */
export interface StartRequest {
  readonly options: SubjectOptions;
  readonly view: View;
}

async function start(text: string): Promise<number> {
  const { options, view } = JSON.parse(text) as StartRequest;
  await bench.load(options, 0);
  return bench.play(view);
}

const request = new URLSearchParams(location.search).get('start');
const started = request === null ? Promise.resolve(NaN) : start(request);
started.catch(() => {});

Object.assign(globalThis, { bench, started });
