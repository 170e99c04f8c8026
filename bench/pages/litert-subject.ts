import { acquireDevice } from '../../src/gpu/device.ts';
import { FramePipeline } from '../../src/pipeline/frame-pipeline.ts';
import { WebGpuRenderer } from '../../src/pipeline/webgpu-renderer.ts';
import type { WebGpuSurface } from '../../src/pipeline/webgpu-surface.ts';
import type { FrameOutcome } from '../../src/protocol/messages.ts';
import type { StageTimes } from '../../src/stage.ts';
import { LiteRtEngine } from '../peers/litert-engine.ts';
import type { Subject, SubjectOptions, View } from './subject.ts';
import { createViewOptions } from './view-options.ts';

/** As many as the element lets be on their way. */
const maxInFlight = 2;

/** Our own pipeline with LiteRT.js for its engine, on the page thread: what another runtime would gain. */
export class LiteRtSubject implements Subject {
  readonly #pipeline: FramePipeline<GPUBuffer, GPUBuffer, WebGpuSurface>;
  readonly #clipUrl: string;
  #stages: StageTimes[] = [];
  #inFlight = 0;
  #shown = 0;
  #dropped = 0;
  #failure: Error | undefined;
  #wake: () => void = () => {};

  static async create({ model, clipUrl }: SubjectOptions): Promise<LiteRtSubject> {
    const { device, adapterName } = await acquireDevice({
      powerPreference: '',
      allowSoftware: true,
    });
    const engine = await LiteRtEngine.create(device, {
      wasmBase: '/litert/wasm/',
      modelUrl: model.tfliteUrl,
    });
    const renderer = await WebGpuRenderer.create(device, engine.model, engine.tensors, adapterName);
    return new LiteRtSubject(renderer, engine, clipUrl);
  }

  private constructor(renderer: WebGpuRenderer, engine: LiteRtEngine, clipUrl: string) {
    const view = createViewOptions({ effect: 'cutout', hasMask: false });
    this.#clipUrl = clipUrl;
    this.#pipeline = new FramePipeline(renderer, engine, view, {
      onFrame: (outcome) => this.#onFrame(outcome),
      onMask: () => {},
    });
    const canvas = document.createElement('canvas');
    document.body.append(canvas);
    this.#pipeline.attachCanvas(canvas.transferControlToOffscreen());
  }

  configure(view: View): void {
    void this.#pipeline.configure(createViewOptions(view));
  }

  async process(frame: VideoFrame): Promise<void> {
    this.#inFlight++;
    this.#pipeline.push(frame.clone(), frame.timestamp);
    while (this.#inFlight >= maxInFlight) await this.#nextOutcome();
  }

  async settle(): Promise<void> {
    while (this.#inFlight > 0) await this.#nextOutcome();
  }

  takeStages(): StageTimes[] {
    return this.#stages.splice(0);
  }

  async play(): Promise<void> {
    const video = document.createElement('video');
    video.muted = true;
    video.loop = true;
    // As our own element has it: a video that is not displayed does not play.
    video.style.cssText = 'position: absolute; opacity: 0; pointer-events: none';
    document.body.append(video);
    video.src = this.#clipUrl;
    const onFrame = (): void => {
      video.requestVideoFrameCallback(onFrame);
      this.#inFlight++;
      this.#pipeline.push(new VideoFrame(video), video.currentTime * 1e6);
    };
    video.requestVideoFrameCallback(onFrame);
    await video.play();
    while (this.#shown === 0) await this.#nextOutcome();
  }

  counts(): { shown: number; dropped: number } {
    return { shown: this.#shown, dropped: this.#dropped };
  }

  #onFrame(outcome: FrameOutcome): void {
    this.#inFlight--;
    if (outcome.kind === 'shown') {
      this.#shown++;
      this.#stages.push(outcome.stages);
    } else {
      this.#dropped++;
    }
    if (outcome.kind === 'failed') this.#failure = new Error(outcome.error.message);
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
