/**
 * Which inference worker gets which frame. The whole rule:
 *
 * 1. A frame goes at once to the worker with the fewest frames; of equals, to the one that has waited longest.
 * 2. A worker has one frame in work and one to go on with, never more: what would be third waits here, oldest first.
 * 3. A worker that is lost gives its frames back. They are the next to go, once; a frame that loses two workers is lost too.
 * 4. A worker that retires finishes what it has and gets nothing new.
 *
 * How many frames there are at once is {@link framesAtOnce}; the pipeline holds to it and drops what comes meanwhile but the newest. It
 * also drops an answer that comes after the one of a later frame.
 */
import type { Priority } from '../stage.ts';

/** So many frames may be with one worker. */
const maxPerWorker = 2;

/**
 * How many frames may be with the workers at once. Throughput: one in each, and one on its way, so that none waits for the compositor.
 * Latency (`max-fps`, which says that more frames are not wanted): one in each, so that no frame waits for
 * another's; what waits is the newest.
 */
export function framesAtOnce(workers: number, priority: Priority): number {
  return Math.max(1, workers) + (priority === 'throughput' ? 1 : 0);
}

/** A frame and the worker to run it. */
export interface Assignment<Job> {
  readonly worker: number;
  readonly job: Job;
}

interface Load<Job> {
  readonly worker: number;
  readonly jobs: Set<Job>;
  isRetiring: boolean;
  /** Number of the last assignment. */
  lastOrder: number;
}

/** Knows no time and no messages: every call returns what to do now. */
export class WorkerScheduler<Job> {
  readonly #loads = new Map<number, Load<Job>>();
  readonly #repeated = new Set<Job>();
  #waiting: Job[] = [];
  #order = 0;

  /** Workers that take frames. */
  get size(): number {
    return [...this.#loads.values()].filter(({ isRetiring }) => !isRetiring).length;
  }

  /** A worker is there. */
  add(worker: number): Assignment<Job>[] {
    this.#loads.set(worker, { worker, jobs: new Set(), isRetiring: false, lastOrder: 0 });
    return this.#assign();
  }

  /** A frame came. */
  submit(job: Job): Assignment<Job>[] {
    this.#waiting.push(job);
    return this.#assign();
  }

  /** A worker has answered. */
  finish(worker: number, job: Job): Assignment<Job>[] {
    this.#loads.get(worker)?.jobs.delete(job);
    this.#repeated.delete(job);
    return this.#assign();
  }

  /** A worker is gone, with what it had. */
  remove(worker: number): { readonly again: Assignment<Job>[]; readonly lost: Job[] } {
    const jobs = [...(this.#loads.get(worker)?.jobs ?? [])];
    this.#loads.delete(worker);
    const lost = jobs.filter((job) => this.#repeated.delete(job));
    const repeated = jobs.filter((job) => !lost.includes(job));
    for (const job of repeated) this.#repeated.add(job);
    this.#waiting = [...repeated, ...this.#waiting];
    return { again: this.#assign(), lost };
  }

  /** A worker is to get nothing new. */
  retire(worker: number): void {
    const load = this.#loads.get(worker);
    if (load) load.isRetiring = true;
  }

  /** How many frames a worker has. */
  loadOf(worker: number): number {
    return this.#loads.get(worker)?.jobs.size ?? 0;
  }

  /** Takes every frame away, waiting or not. */
  clear(): Job[] {
    const jobs = [...this.#waiting, ...[...this.#loads.values()].flatMap((load) => [...load.jobs])];
    this.#waiting = [];
    for (const load of this.#loads.values()) load.jobs.clear();
    this.#repeated.clear();
    return jobs;
  }

  #assign(): Assignment<Job>[] {
    const assignments: Assignment<Job>[] = [];
    for (let load = this.#leastLoaded(); load; load = this.#leastLoaded()) {
      const job = this.#waiting.shift();
      if (job === undefined) break;
      load.jobs.add(job);
      load.lastOrder = ++this.#order;
      assignments.push({ worker: load.worker, job });
    }
    return assignments;
  }

  #leastLoaded(): Load<Job> | undefined {
    return [...this.#loads.values()]
      .filter(({ jobs, isRetiring }) => !isRetiring && jobs.size < maxPerWorker)
      .sort((a, b) => a.jobs.size - b.jobs.size || a.lastOrder - b.lastOrder)[0];
  }
}
