import type * as Package from '../../src/index.ts';
import type { Segmenter, VoidSegmenterElement } from '../../src/index.ts';
import type { FrameOutcome } from '../../src/protocol/messages.ts';
import type { StageTimes } from '../../src/stage.ts';
import type { Subject, SubjectOptions, View } from './subject.ts';
import { createViewOptions } from './view-options.ts';

/**
 * The built package. `process` drives the segmenter on which the element stands with its page-side pump taken out,
 * since that follows the clip's own rate; `play` is the element itself.
 */
export class ElementSubject implements Subject {
  readonly #options: SubjectOptions;
  readonly #package: typeof Package;
  #segmenter: Segmenter | undefined;
  #element: VoidSegmenterElement | undefined;
  #view: View = { effect: 'cutout', hasMask: false };
  #stages: StageTimes[] = [];
  #inFlight = 0;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  static async create(options: SubjectOptions): Promise<ElementSubject> {
    const url = new URL('void-segmenter.min.js', new URL(options.distUrl, location.href)).href;
    return new ElementSubject(options, (await import(url)) as typeof Package);
  }

  private constructor(options: SubjectOptions, built: typeof Package) {
    this.#options = options;
    this.#package = built;
  }

  configure(view: View): void {
    this.#view = view;
    this.#segmenter?.configure(createViewOptions(view));
  }

  async process(frame: VideoFrame): Promise<void> {
    const segmenter = (this.#segmenter ??= await this.#createSegmenter());
    this.#inFlight++;
    segmenter.pushFrame(frame.clone(), frame.timestamp);
    while (this.#inFlight >= segmenter.concurrency) await this.#nextOutcome();
  }

  async settle(): Promise<void> {
    while (this.#inFlight > 0) await this.#nextOutcome();
  }

  takeStages(): StageTimes[] {
    return this.#stages.splice(0);
  }

  async play(): Promise<void> {
    const { backend, model, clipUrl, variant } = this.#options;
    const element = new this.#package.VoidSegmenterElement();
    element.backend = backend;
    element.workers = variant.workers ?? 'auto';
    element.model = model.name;
    element.effect = this.#view.effect;
    element.maskOutput = this.#view.hasMask ? 'alpha' : 'none';
    element.muted = true;
    element.loop = true;
    element.autoplay = true;
    element.src = clipUrl;
    this.#element = element;
    const shown = new Promise<void>((resolve, reject) => {
      element.addEventListener('void-error', ({ error }) => reject(error));
      element.addEventListener('void-state-change', ({ state }) => {
        if (state === 'running') resolve();
      });
    });
    document.body.append(element);
    await shown;
  }

  counts(): { shown: number; dropped: number } {
    const { shownFrames, droppedFrames } = (this.#element as VoidSegmenterElement).getStats();
    return { shown: shownFrames, dropped: droppedFrames };
  }

  async #createSegmenter(): Promise<Segmenter> {
    const { backend, model, variant } = this.#options;
    const segmenter = await this.#package.Segmenter.createLive(
      { backend, model: model.name, ...variant },
      {
        onFrame: (outcome) => this.#onFrame(outcome),
        onMask: () => {},
        onOptionRefused: () => {},
        onRecovered: () => this.#fail(new Error('The GPU was lost.')),
        onBackendChange: (_from, _to, reason) => this.#fail(reason),
        onFailure: (error) => this.#fail(error),
      },
    );
    const canvas = document.createElement('canvas');
    document.body.append(canvas);
    segmenter.attachCanvas(canvas.transferControlToOffscreen());
    segmenter.configure(createViewOptions(this.#view));
    return segmenter;
  }

  #onFrame(outcome: FrameOutcome): void {
    this.#inFlight--;
    if (outcome.kind === 'shown') this.#stages.push(outcome.stages);
    if (outcome.kind === 'failed') this.#fail(new Error(outcome.error.message));
    this.#wake();
  }

  #fail(error: Error): void {
    this.#failure = error;
    this.#wake();
  }

  async #nextOutcome(): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      if (this.#failure) resolve();
    });
    if (this.#failure) throw this.#failure;
  }
}
