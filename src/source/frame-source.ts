import type { Frame } from '../stage.ts';

/** What a source tells while it is open. */
export interface SourceListener {
  /** There is a new picture to capture. Not called while a source is paused, but for seeks. */
  onPicture(): void;
  /** It began or stopped to play, or its size changed. */
  onChange(): void;
  /** It broke after it had been opened. */
  onError(error: Error): void;
}

/** A picture of a source. Whoever gets it closes the frame. */
export interface Picture {
  readonly frame: Frame;
  /** Its place in the media, in microseconds; 0 for a single picture. */
  readonly timestampUs: number;
}

/** A stream of pictures, or a single one. Ends with `close`. */
export interface FrameSource {
  /** The page's or the element's own media element, if there is one. */
  readonly media: HTMLVideoElement | HTMLImageElement | HTMLCanvasElement | null;
  /** Size as shown, in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether new pictures come by themselves. */
  readonly isPlaying: boolean;
  /** Whether there is but one picture. */
  readonly isStill: boolean;
  /** Takes the current picture; null while there is none. */
  capture(): Picture | null | Promise<Picture>;
  play(): void | Promise<void>;
  pause(): void;
  /** Stops the callbacks, and the camera. The page's own elements go on as they are. */
  close(): void;
}
