import type { StageTimes } from '../../src/stage.ts';
import type { Picture, Subject, View } from './subject.ts';

/** Draws one picture. */
export type DrawPicture = (
  picture: Picture,
  width: number,
  height: number,
  target: CanvasRenderingContext2D,
  view: View,
) => Promise<void> | void;

/** A subject that does all its work on the page thread, frame after frame. */
export class PageSubject implements Subject {
  readonly #video = document.createElement('video');
  readonly #target: CanvasRenderingContext2D;
  readonly #draw: DrawPicture | null;
  #view: View = { effect: 'cutout', hasMask: false };
  #shown = 0;
  #dropped = 0;

  /** @param draw - null: the page only plays the clip. */
  constructor(clipUrl: string, draw: DrawPicture | null) {
    this.#draw = draw;
    const context = document.createElement('canvas').getContext('2d');
    if (!context) throw new Error('This browser has no 2D canvas.');
    this.#target = context;
    this.#video.muted = true;
    this.#video.loop = true;
    this.#video.playsInline = true;
    this.#video.dataset['src'] = clipUrl;
    if (!draw) return;
    // As our own element has it: a video that is not displayed does not play.
    this.#video.style.cssText = 'position: absolute; opacity: 0; pointer-events: none';
    document.body.append(context.canvas);
  }

  configure(view: View): void {
    this.#view = view;
  }

  async process(frame: VideoFrame): Promise<void> {
    await this.#draw?.(frame, frame.displayWidth, frame.displayHeight, this.#target, this.#view);
    // Pages live: without a pause nothing would ever be presented.
    await new Promise((resolve) => setTimeout(resolve));
  }

  settle(): Promise<void> {
    return Promise.resolve();
  }

  takeStages(): StageTimes[] {
    return [];
  }

  async play(): Promise<void> {
    const video = this.#video;
    document.body.append(video);
    video.src = video.dataset['src'] ?? '';
    const shown = new Promise<void>((resolve, reject) => {
      let lastPresented = 0;
      const onFrame: VideoFrameRequestCallback = (_now, { presentedFrames }) => {
        if (lastPresented > 0) this.#dropped += presentedFrames - lastPresented - 1;
        lastPresented = presentedFrames;
        this.#drawVideo(video)
          .then(resolve)
          .then(() => video.requestVideoFrameCallback(onFrame))
          .catch(reject);
      };
      video.requestVideoFrameCallback(onFrame);
    });
    await video.play();
    await shown;
  }

  counts(): { shown: number; dropped: number } {
    return { shown: this.#shown, dropped: this.#dropped };
  }

  async #drawVideo(video: HTMLVideoElement): Promise<void> {
    await this.#draw?.(video, video.videoWidth, video.videoHeight, this.#target, this.#view);
    this.#shown++;
  }
}
