import { expect } from '@open-wc/testing';

import { FrameStats, type SegmenterStats } from '../../src/element/frame-stats.ts';
import type { FrameOutcome } from '../../src/protocol/messages.ts';
import type { StageTimes } from '../../src/stage.ts';

const noTimes = { uploadMs: 0, preprocessMs: 0, inferenceMs: 0, postprocessMs: 0, compositeMs: 0 };

function createShown({
  totalMs = 10,
  latencyMs = 20,
  ...times
}: Partial<ShownTimes> = {}): FrameOutcome {
  const stages = { ...noTimes, ...times };
  return {
    kind: 'shown',
    refinement: 'frame',
    width: 64,
    height: 48,
    timestampUs: 0,
    totalMs,
    stages,
    latencyMs,
  };
}

type ShownTimes = StageTimes & { readonly totalMs: number; readonly latencyMs: number };

/** Shows a frame at each time. */
function createStats(timesMs: readonly number[] = []): FrameStats {
  const stats = new FrameStats();
  for (const atMs of timesMs) stats.count(createShown(), atMs);
  return stats;
}

/** `count` times, `stepMs` apart. */
function timesFrom(startMs: number, stepMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => startMs + i * stepMs);
}

function read(stats: FrameStats, nowMs = 0): SegmenterStats {
  return stats.read(nowMs, { backend: 'wasm', renderer: '2d', workers: 2 });
}

describe('FrameStats', () => {
  it('is all zero before the first frame', () => {
    expect(read(createStats())).to.deep.equal({
      fps: 0,
      frameMs: 0,
      latencyMs: 0,
      inferenceMs: 0,
      stages: noTimes,
      captureMs: 0,
      shownFrames: 0,
      droppedFrames: 0,
      backend: 'wasm',
      renderer: '2d',
      refinement: 'off',
      workers: 2,
    });
  });

  it('says what backend and renderer it was told', () => {
    const stats = createStats().read(0, { backend: null, renderer: 'webgpu', workers: 0 });
    expect(stats).to.include({ backend: null, renderer: 'webgpu', workers: 0 });
  });

  describe('fps', () => {
    const table: readonly [what: string, times: number[], nowMs: number, expected: number][] = [
      ['one frame', [1000], 1000, 0],
      ['25 frames a second', timesFrom(0, 40, 26), 1000, 25],
      ['10 frames a second for ten seconds', timesFrom(0, 100, 101), 10_000, 10],
      ['200 frames a second', timesFrom(0, 5, 401), 2000, 200],
      ['a rate that has changed for two seconds', timesFrom(0, 100, 31), 3000, 10],
      ['frames that are two seconds old', timesFrom(0, 40, 26), 3000, 0],
    ];
    for (const [what, times, nowMs, expected] of table) {
      it(`is ${expected} for ${what}`, () => {
        expect(read(createStats(times), nowMs).fps).to.be.closeTo(expected, 1e-9);
      });
    }

    it('forgets the rate from before the last two seconds', () => {
      const stats = createStats([...timesFrom(0, 10, 100), ...timesFrom(1000, 200, 16)]);
      expect(read(stats, 4000).fps).to.be.closeTo(5, 1e-9);
    });

    it('counts every frame of the last two seconds', () => {
      const stats = createStats([...timesFrom(0, 10, 100), ...timesFrom(1000, 20, 51)]);
      // 150 steps since the first.
      expect(read(stats, 1999).fps).to.be.closeTo(150 / 1.999, 1e-9);
    });

    it('falls while no frame comes', () => {
      const stats = createStats(timesFrom(0, 40, 26));
      expect(read(stats, 1500).fps).to.be.lessThan(25);
    });

    it('counts shown frames only', () => {
      const stats = createStats([0, 500, 1000]);
      stats.count({ kind: 'dropped' }, 700);
      expect(read(stats, 1000).fps).to.equal(2);
    });

    it('is a finite number when two frames come at the same instant', () => {
      expect(read(createStats([1000, 1000]), 1000).fps).to.satisfy(Number.isFinite);
    });
  });

  describe('durations', () => {
    it('are medians, which one slow frame does not move', () => {
      const stats = new FrameStats();
      for (const totalMs of [9, 5000, 11, 10, 8]) stats.count(createShown({ totalMs }), 0);
      expect(read(stats).frameMs).to.equal(10);
    });

    it('are counted apart for frame and inference', () => {
      const stats = new FrameStats();
      for (const inferenceMs of [3, 1, 2]) {
        stats.count(createShown({ totalMs: 10 * inferenceMs, inferenceMs }), 0);
      }
      expect(read(stats)).to.include({ frameMs: 20, inferenceMs: 2 });
    });

    it('are counted apart for each stage', () => {
      const times = {
        uploadMs: 1,
        preprocessMs: 2,
        inferenceMs: 3,
        postprocessMs: 4,
        compositeMs: 5,
      };
      const stats = new FrameStats();
      for (let i = 0; i < 3; i++) stats.count(createShown(times), 0);
      stats.count(createShown(), 0);
      expect(read(stats).stages).to.deep.equal(times);
    });

    it('are known of the latency once a drawing was done', () => {
      const stats = new FrameStats();
      stats.count(createShown({ latencyMs: 0 }), 0);
      expect(read(stats).latencyMs).to.equal(0);
      for (const latencyMs of [40, 30, 500]) stats.count(createShown({ latencyMs }), 0);
      expect(read(stats).latencyMs).to.equal(40);
    });

    it('are counted apart for captures', () => {
      const stats = new FrameStats();
      for (const durationMs of [0.5, 7, 0.25]) stats.countCapture(durationMs);
      expect(read(stats)).to.include({ captureMs: 0.5, frameMs: 0 });
    });

    it('are of the last 60 frames', () => {
      const stats = new FrameStats();
      for (let i = 0; i < 100; i++) stats.count(createShown({ totalMs: 10 }), 0);
      for (let i = 0; i < 60; i++) stats.count(createShown({ totalMs: 20 + i }), 0);
      // Half of 20 to 79; a frame of 10 ms would draw it down.
      expect(read(stats).frameMs).to.be.within(49, 50);
    });

    it('do not count dropped frames', () => {
      const stats = new FrameStats();
      stats.count(createShown({ totalMs: 30 }), 0);
      for (let i = 0; i < 5; i++) stats.count({ kind: 'dropped' }, 0);
      expect(read(stats).frameMs).to.equal(30);
    });
  });

  describe('counts', () => {
    it('every shown frame', () => {
      expect(read(createStats(timesFrom(0, 40, 500))).shownFrames).to.equal(500);
    });

    it('dropped, failed and skipped frames as dropped', () => {
      const stats = createStats([0]);
      stats.count({ kind: 'dropped' }, 1);
      stats.count({ kind: 'failed', error: { code: 'worker-failed', message: 'x' } }, 2);
      for (let i = 0; i < 3; i++) stats.countSkipped();
      expect(read(stats)).to.include({ shownFrames: 1, droppedFrames: 5 });
    });
  });

  describe('isReportDue', () => {
    it('is at once for the first report', () => {
      expect(new FrameStats().isReportDue(0)).to.equal(true);
    });

    it('is every half second, however often it is asked', () => {
      const stats = new FrameStats();
      const due = timesFrom(0, 100, 13).filter((nowMs) => stats.isReportDue(nowMs));
      expect(due).to.deep.equal([0, 500, 1000]);
    });

    it('is half a second after a report that came late', () => {
      const stats = new FrameStats();
      stats.isReportDue(0);
      stats.isReportDue(900);
      expect([1000, 1399, 1400].map((nowMs) => stats.isReportDue(nowMs))).to.deep.equal([
        false,
        false,
        true,
      ]);
    });
  });
});
