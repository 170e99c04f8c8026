/** What is measured: each way to take the background out of a video, behind one interface. */
import type { StageTimes } from '../../src/stage.ts';
import type { CanvasEffect } from '../peers/canvas-effect.ts';

export type Backend = 'wasm' | 'webgpu';

/**
 * `element`: ours. `naive-pixels`, `naive-mask`: the baseline. `mediapipe`: tasks-vision. `litert`: our pipeline with
 * LiteRT.js for its engine. `video`: the clip alone.
 */
export type SubjectName =
  'element' | 'naive-pixels' | 'naive-mask' | 'mediapipe' | 'litert' | 'video';

/** A picture of the clip. */
export type Picture = HTMLVideoElement | VideoFrame;

/** How the element is to run other than by itself. */
export interface Variant {
  readonly workers?: number;
  /** Of each of them. */
  readonly threads?: number;
  /** What draws where the model runs on the CPU. */
  readonly renderer?: 'webgl2' | '2d';
}

/** What a subject is made of. URLs are relative to the page. */
export interface SubjectOptions {
  readonly subject: SubjectName;
  readonly backend: Backend;
  readonly variant: Variant;
  readonly model: BenchModel;
  readonly clipUrl: string;
  readonly width: number;
  readonly height: number;
  /** Folder of the script-tag build. */
  readonly distUrl: string;
}

/** One model in the formats that the subjects take. */
export interface BenchModel {
  /** What the element's `model` is set to. */
  readonly name: string;
  readonly onnxUrl: string;
  /** Empty: MediaPipe has no such model. */
  readonly tfliteUrl: string;
  /** Size of its input, in pixels. */
  readonly width: number;
  readonly height: number;
  /** The naive way, like the tutorials that it is from, knows `nhwc` alone. */
  readonly layout: 'nchw' | 'nhwc';
}

/** What is drawn. */
export interface View {
  readonly effect: CanvasEffect;
  /** Whether the page is handed an `alpha` mask of the source's size for each frame. Only the element can. */
  readonly hasMask: boolean;
}

export interface Subject {
  /** Applies to every frame from now on. */
  configure(view: View): void;
  /**
   * Takes one frame as far as this subject's own back-pressure asks for, and resolves when the next one may come.
   * The frame stays the caller's.
   */
  process(frame: VideoFrame): Promise<void>;
  /** Resolves when all frames handed over are drawn. */
  settle(): Promise<void>;
  /** Times of the frames since the last call, where this subject tells them. */
  takeStages(): StageTimes[];
  /** Plays the clip in real time, for good. Resolves at the first frame drawn. */
  play(): Promise<void>;
  /** While it plays. */
  counts(): { readonly shown: number; readonly dropped: number };
}
