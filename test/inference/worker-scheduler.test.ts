import { expect } from '@open-wc/testing';

import {
  framesAtOnce,
  WorkerScheduler,
  type Assignment,
} from '../../src/inference/worker-scheduler.ts';
import type { Priority } from '../../src/stage.ts';

/** A run of the scheduler in simulated time. Times in milliseconds. */
interface Plan {
  /** When each frame comes. */
  readonly arrivals: readonly number[];
  /** How long each worker takes for a frame. */
  readonly serviceMs: readonly number[];
  /** When which worker ends, and when another one with the same speed takes its place. */
  readonly crashes?: readonly { atMs: number; worker: number; replacedAtMs: number }[];
  /** Default: throughput. What comes when there are enough takes the place of the one that waits outside. */
  readonly priority?: Priority;
}

interface Outcome {
  /** Frames in the order of their answers. */
  readonly answered: readonly number[];
  readonly answeredAtMs: ReadonlyMap<number, number>;
  readonly lost: readonly number[];
  readonly dropped: readonly number[];
  /** How many frames each worker answered. */
  readonly shares: readonly number[];
  /** Most frames that a worker had at once. */
  readonly mostAtOnce: number;
}

/** Events by time; those of the same time in the order in which they were made. */
function simulate({ arrivals, serviceMs, crashes = [], priority = 'throughput' }: Plan): Outcome {
  const concurrency = framesAtOnce(serviceMs.length, priority);
  const scheduler = new WorkerScheduler<number>();
  const events: { atMs: number; run: () => void }[] = [];
  const at = (atMs: number, run: () => void): void => {
    events.push({ atMs, run });
    events.sort((a, b) => a.atMs - b.atMs);
  };
  const answered: number[] = [];
  const answeredAtMs = new Map<number, number>();
  const lost: number[] = [];
  const dropped: number[] = [];
  const shares = serviceMs.map(() => 0);
  let mostAtOnce = 0;
  let inside = 0;
  let outside: number | undefined;
  let nowMs = 0;
  /** By id; a replacement has a new one. */
  const workers = new Map<number, { kind: number; queue: number[]; isBusy: boolean }>();
  let nextId = serviceMs.length;

  const start = (id: number): void => {
    const worker = workers.get(id);
    const job = worker?.queue[0];
    if (!worker || job === undefined || worker.isBusy) return;
    worker.isBusy = true;
    at(nowMs + (serviceMs[worker.kind] ?? 0), () => {
      if (workers.get(id) !== worker) return;
      worker.isBusy = false;
      worker.queue.shift();
      shares[worker.kind] = (shares[worker.kind] ?? 0) + 1;
      answered.push(job);
      answeredAtMs.set(job, nowMs);
      hand(scheduler.finish(id, job));
      leave();
      start(id);
    });
  };
  const hand = (assignments: readonly Assignment<number>[]): void => {
    for (const { worker: id, job } of assignments) {
      const worker = workers.get(id);
      if (!worker) throw new Error(`Frame ${job} went to worker ${id}, which is gone.`);
      worker.queue.push(job);
      mostAtOnce = Math.max(mostAtOnce, worker.queue.length);
      start(id);
    }
  };
  const enter = (job: number): void => {
    inside++;
    hand(scheduler.submit(job));
  };
  const leave = (): void => {
    inside--;
    const next = outside;
    outside = undefined;
    if (next !== undefined) enter(next);
  };
  for (const [id] of serviceMs.entries()) {
    workers.set(id, { kind: id, queue: [], isBusy: false });
    hand(scheduler.add(id));
  }
  for (const [job, atMs] of arrivals.entries()) {
    at(atMs, () => {
      if (inside < concurrency) return enter(job);
      if (outside !== undefined) dropped.push(outside);
      outside = job;
    });
  }
  for (const { atMs, worker: kind, replacedAtMs } of crashes) {
    at(atMs, () => {
      const id = [...workers].find(([, worker]) => worker.kind === kind)?.[0];
      if (id === undefined) return;
      workers.delete(id);
      const removed = scheduler.remove(id);
      lost.push(...removed.lost);
      hand(removed.again);
      removed.lost.forEach(leave);
    });
    at(replacedAtMs, () => {
      const id = nextId++;
      workers.set(id, { kind, queue: [], isBusy: false });
      hand(scheduler.add(id));
    });
  }
  for (let event = events.shift(); event; event = events.shift()) {
    nowMs = event.atMs;
    event.run();
  }
  return { answered, answeredAtMs, lost, dropped, shares, mostAtOnce };
}

/** `count` frames, `stepMs` apart. */
function every(stepMs: number, count: number): number[] {
  return Array.from({ length: count }, (_, i) => i * stepMs);
}

function isAscending(numbers: readonly number[]): boolean {
  return numbers.every((value, i) => i === 0 || value > (numbers[i - 1] ?? 0));
}

describe('WorkerScheduler, in simulated time', () => {
  const table: readonly [what: string, plan: Plan, answered: number, shares: readonly number[]][] =
    [
      ['a stream that one worker can take', { arrivals: every(40, 50), serviceMs: [30] }, 50, [50]],
      ['a stream that takes two', { arrivals: every(20, 100), serviceMs: [35, 35] }, 100, [50, 50]],
      ['a burst on an idle pool', { arrivals: [0, 0, 0], serviceMs: [10, 10, 10] }, 3, [1, 1, 1]],
      [
        'a worker that is four times as slow',
        { arrivals: every(20, 100), serviceMs: [25, 100] },
        100,
        [80, 20],
      ],
      ['nothing', { arrivals: [], serviceMs: [10, 10] }, 0, [0, 0]],
    ];
  for (const [what, plan, answered, shares] of table) {
    it(`answers ${what}`, () => {
      const outcome = simulate(plan);
      expect(outcome.answered).to.have.length(answered);
      for (const [i, share] of shares.entries()) {
        // Who is a frame ahead at the end is chance.
        expect(outcome.shares[i], `worker ${i}`).to.be.within(share - 6, share + 6);
      }
      expect([outcome.lost, outcome.dropped]).to.deep.equal([[], []]);
    });
  }

  it('drops what workers cannot take, evenly, and never lets a frame wait for long', () => {
    const arrivals = every(10, 300);
    const { answered, answeredAtMs, dropped, mostAtOnce } = simulate({
      arrivals,
      serviceMs: [40, 40],
    });
    // Two workers answer one frame in 20 ms, half of what comes.
    expect(answered.length).to.be.within(149, 153);
    expect(answered.length + dropped.length).to.equal(300);
    expect(mostAtOnce).to.equal(2);
    // Outside for at most one answer of either worker, then behind one frame, then its own run.
    const waits = [...answeredAtMs].map(([job, atMs]) => atMs - (arrivals[job] ?? 0));
    expect(Math.max(...waits)).to.be.at.most(3 * 40);
    // No gap: a run of dropped frames would be seen.
    const gaps = answered.toSorted((a, b) => a - b).map((job, i, all) => job - (all[i - 1] ?? job));
    expect(Math.max(...gaps)).to.be.at.most(4);
  });

  it('lets no frame wait for another one in a worker when latency comes first', () => {
    const arrivals = every(10, 300);
    const plan = { arrivals, serviceMs: [40, 40] };
    const oldest = ({ answeredAtMs }: Outcome): number =>
      Math.max(...[...answeredAtMs].map(([job, atMs]) => atMs - (arrivals[job] ?? 0)));
    const latency = simulate({ ...plan, priority: 'latency' });
    expect(latency.mostAtOnce).to.equal(1);
    // The newest one outside waits for the next answer, at most as long as until the next one takes its place.
    expect(oldest(latency)).to.be.at.most(40 + 20);
    expect(oldest(latency)).to.be.below(oldest(simulate(plan)));
    expect(latency.answered.length).to.be.within(149, 153);
  });

  it('keeps the order among equal workers', () => {
    for (const stepMs of [7, 11, 20, 33]) {
      const { answered } = simulate({ arrivals: every(stepMs, 100), serviceMs: [30, 30, 30] });
      expect(isAscending(answered), `every ${stepMs} ms`).to.equal(true);
    }
  });

  it('runs what a worker had once more when it crashes, before anything newer', () => {
    const { answered, answeredAtMs, lost } = simulate({
      arrivals: every(20, 20),
      serviceMs: [30, 30],
      crashes: [{ atMs: 105, worker: 0, replacedAtMs: 200 }],
    });
    expect(lost).to.deep.equal([]);
    expect(answered.toSorted((a, b) => a - b)).to.include.members([0, 1, 2, 3, 4, 5]);
    // Frame 4, which was in work from 80 on, is behind one frame of the other worker.
    expect(answeredAtMs.get(4)).to.be.at.most(105 + 2 * 30 + 30);
  });

  it('waits for another worker when the only one crashes', () => {
    const { answered, answeredAtMs, lost } = simulate({
      arrivals: [0, 5],
      serviceMs: [30],
      crashes: [{ atMs: 10, worker: 0, replacedAtMs: 500 }],
    });
    expect([answered, lost]).to.deep.equal([[0, 1], []]);
    expect(answeredAtMs.get(0)).to.equal(530);
  });

  it('gives a frame up that has lost two workers, and goes on with the next', () => {
    const { answered, lost } = simulate({
      arrivals: [0, 100],
      serviceMs: [30],
      crashes: [
        { atMs: 10, worker: 0, replacedAtMs: 20 },
        { atMs: 30, worker: 0, replacedAtMs: 40 },
      ],
    });
    expect([answered, lost]).to.deep.equal([[1], [0]]);
  });

  it('gives a worker that retires nothing new', () => {
    const scheduler = new WorkerScheduler<string>();
    scheduler.add(0);
    scheduler.add(1);
    scheduler.submit('a');
    scheduler.retire(0);
    expect(scheduler.size).to.equal(1);
    const workers = ['b', 'c'].flatMap((job) => scheduler.submit(job)).map(({ worker }) => worker);
    expect(workers).to.deep.equal([1, 1]);
    expect(scheduler.submit('d')).to.deep.equal([]);
    scheduler.finish(0, 'a');
    expect(scheduler.loadOf(0)).to.equal(0);
    expect(scheduler.finish(1, 'b')).to.deep.equal([{ worker: 1, job: 'd' }]);
  });

  it('hands out everything it has when it is cleared', () => {
    const scheduler = new WorkerScheduler<string>();
    scheduler.add(0);
    for (const job of ['a', 'b', 'c']) scheduler.submit(job);
    expect(scheduler.clear().toSorted()).to.deep.equal(['a', 'b', 'c']);
    expect(scheduler.loadOf(0)).to.equal(0);
  });
});
