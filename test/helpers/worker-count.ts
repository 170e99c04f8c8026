/** The browser's own workers, as a page starts and ends them. */
export interface WorkerCount {
  /** Those started and not yet terminated. */
  readonly alive: ReadonlySet<Worker>;
  /** How many there ever were. */
  readonly started: number;
  restore: () => void;
}

/** Counts from now on; to be restored. */
export function countWorkers(): WorkerCount {
  const { Worker } = window;
  const { terminate } = Worker.prototype;
  const alive = new Set<Worker>();
  let started = 0;
  window.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      super(url, options);
      alive.add(this);
      started++;
    }
  };
  Worker.prototype.terminate = function (this: Worker) {
    alive.delete(this);
    terminate.call(this);
  };
  return {
    alive,
    get started() {
      return started;
    },
    restore: () => {
      window.Worker = Worker;
      Worker.prototype.terminate = terminate;
    },
  };
}
