import type { SegmenterError } from '../errors.ts';
import type { Mask } from '../mask.ts';
import type { Backend } from '../stage.ts';
import type { SegmenterStats } from './frame-stats.ts';

/**
 * What the element is doing.
 *
 * - `idle`: there is no source.
 * - `loading`: source or model are on their way; nothing of this source has been shown yet.
 * - `running`: frames are shown as they come; for a picture: it is shown.
 * - `paused`: the source is paused, or has ended; its last frame is shown.
 * - `failed`: a fatal `void-error` was fired. Any new source, model or backend starts again.
 */
export type SegmenterState = 'idle' | 'loading' | 'running' | 'paused' | 'failed';

/** Fired when the state changes. */
export class StateChangeEvent extends Event {
  static readonly eventName = 'void-state-change';
  readonly state: SegmenterState;
  readonly previous: SegmenterState;

  constructor(state: SegmenterState, previous: SegmenterState) {
    super(StateChangeEvent.eventName);
    this.state = state;
    this.previous = previous;
  }
}

/** Fired while a model is downloaded. */
export class LoadProgressEvent extends Event {
  static readonly eventName = 'void-progress';
  /** Bytes so far. */
  readonly loaded: number;
  /** Bytes in all; 0 while unknown. */
  readonly total: number;
  /** Name of the file. */
  readonly asset: string;

  constructor(loaded: number, total: number, asset: string) {
    super(LoadProgressEvent.eventName);
    this.loaded = loaded;
    this.total = total;
    this.asset = asset;
  }
}

/** Fired when a model is loaded and warmed up. */
export class ReadyEvent extends Event {
  static readonly eventName = 'void-ready';
  /** Name of the model; of one without a manifest, its URL. */
  readonly model: string;
  readonly backend: Backend;

  constructor(model: string, backend: Backend) {
    super(ReadyEvent.eventName);
    this.model = model;
    this.backend = backend;
  }
}

/** Fired for each mask, while `mask-output` is not `none`. */
export class MaskEvent extends Event {
  static readonly eventName = 'void-mask';
  /** Belongs to the page, which may keep it; call `close()` on one that holds a bitmap. */
  readonly mask: Mask;
  /** Media time of the frame, in microseconds. It restarts on a loop. */
  readonly timestampUs: number;

  constructor(mask: Mask) {
    super(MaskEvent.eventName);
    this.mask = mask;
    this.timestampUs = mask.timestampUs;
  }
}

/**
 * Fired when one backend took the place of another: because it failed, or because a frame is too large for the GPU's textures or fits
 * them again. The same one, where only what draws has changed.
 */
export class BackendChangeEvent extends Event {
  static readonly eventName = 'void-backend-change';
  readonly from: Backend;
  readonly to: Backend;
  /** A sentence for the console. */
  readonly reason: string;

  constructor(from: Backend, to: Backend, reason: string) {
    super(BackendChangeEvent.eventName);
    this.from = from;
    this.to = to;
    this.reason = reason;
  }
}

/** Fired while running, at most twice a second. */
export class StatsEvent extends Event {
  static readonly eventName = 'void-stats';
  readonly stats: SegmenterStats;

  constructor(stats: SegmenterStats) {
    super(StatsEvent.eventName);
    this.stats = stats;
  }
}

/** Fired when something went wrong. What waits on a promise is rejected with the same error. */
export class SegmenterErrorEvent extends Event {
  static readonly eventName = 'void-error';
  readonly error: SegmenterError;

  constructor(error: SegmenterError) {
    super(SegmenterErrorEvent.eventName);
    this.error = error;
  }
}

declare global {
  interface HTMLElementEventMap {
    'void-state-change': StateChangeEvent;
    'void-progress': LoadProgressEvent;
    'void-ready': ReadyEvent;
    'void-mask': MaskEvent;
    'void-backend-change': BackendChangeEvent;
    'void-stats': StatsEvent;
    'void-error': SegmenterErrorEvent;
  }
}
