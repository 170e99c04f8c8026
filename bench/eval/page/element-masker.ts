import type * as Package from '../../../src/index.ts';
import type { Mask, Segmenter } from '../../../src/index.ts';
import type { Backend } from '../../../src/stage.ts';
import type { EvalRow } from '../rows.ts';
import { wholeFramesPrefix } from '../whole-frames.ts';
import { pickModel, type Masker } from './masker.ts';

interface Waiting {
  resolve(mask: Mask): void;
  reject(error: Error): void;
}

/**
 * The built package, by the segmenter on which the element stands: its page-side pump follows a clip's own rate and
 * would leave frames out.
 */
export class ElementMasker implements Masker {
  readonly #row: EvalRow;
  readonly #backend: Backend;
  readonly #segmenters = new Map<string, Promise<Segmenter>>();
  #waiting: Waiting | undefined;

  constructor(row: EvalRow, backend: Backend) {
    this.#row = row;
    this.#backend = backend;
  }

  reset(): void {
    for (const segmenter of this.#segmenters.values()) {
      segmenter.then(
        (ready) => ready.clear(),
        () => {},
      );
    }
  }

  async mask(picture: ImageBitmap, timestampUs?: number): Promise<Float32Array> {
    const { width, height } = picture;
    const segmenter = await this.#open(this.#pickModel(picture, timestampUs === undefined));
    const frame = await createImageBitmap(picture);
    const mask = await new Promise<Mask>((resolve, reject) => {
      this.#waiting = { resolve, reject };
      segmenter.pushFrame(frame, timestampUs ?? 0);
    });
    if (!(mask.data instanceof Float32Array) || mask.width !== width || mask.height !== height) {
      throw new Error(`The mask is ${mask.width}x${mask.height} ${mask.format}.`);
    }
    return mask.data;
  }

  /** @returns A built-in model's name, or a URL. */
  #pickModel(picture: ImageBitmap, isStill: boolean): string {
    const { modelUrl, seesWholeFrames } = this.#row;
    if (modelUrl !== undefined) return modelUrl;
    const name = pickModel(this.#row, picture, isStill);
    return seesWholeFrames ? `${wholeFramesPrefix}${name}.json` : name;
  }

  #open(model: string): Promise<Segmenter> {
    const known = this.#segmenters.get(model) ?? this.#create(model);
    this.#segmenters.set(model, known);
    return known;
  }

  async #create(model: string): Promise<Segmenter> {
    const url = new URL('/dist/void-segmenter.min.js', location.href).href;
    const built = (await import(url)) as typeof Package;
    const fail = (error: Error): void => this.#waiting?.reject(error);
    const segmenter = await built.Segmenter.createLive(
      { backend: this.#backend, model },
      {
        onFrame: (outcome) => {
          if (outcome.kind !== 'shown') fail(new Error(`A frame was ${outcome.kind}.`));
        },
        onMask: (mask) => this.#waiting?.resolve(mask),
        onOptionRefused: fail,
        onRecovered: () => fail(new Error('The GPU was lost.')),
        onBackendChange: (_from, _to, reason) => fail(reason),
        onFailure: fail,
      },
    );
    segmenter.attachCanvas(document.createElement('canvas').transferControlToOffscreen());
    segmenter.configure({
      effect: { effect: 'cutout', blurRadiusPx: 0, backgroundColor: [0, 0, 0, 0] },
      mask: { format: 'float', size: 'source', threshold: 0.5 },
      priority: 'throughput',
      matte: this.#row.matte,
    });
    return segmenter;
  }
}
