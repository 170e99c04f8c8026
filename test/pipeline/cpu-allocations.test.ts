import { expect } from '@open-wc/testing';

import type { Effect } from '../../src/stage.ts';
import { createBitmap, createRgbaFrame, paintFlat, paintHalves } from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createEffect } from '../helpers/pipelines.ts';
import { rigKinds } from '../helpers/rigs.ts';

const [width, height] = [96, 64];
const model = createModel({ width: 24, height: 16 }, { width: 24, height: 16 });
/** A frame's own bytes are 4 * width * height, a mask's at the model's size 4 * 24 * 16. */
const sizeBytes = 4 * 24 * 16;
/** Of each effect: a thousand in all. */
const frameCount = 200;

type AnyConstructor = new (...args: unknown[]) => unknown;

/** What was made while it counts: in main memory what is as large as a mask or larger, of WebGL's things all. */
class AllocationCount {
  readonly made: string[] = [];
  readonly #undo: (() => void)[] = [];

  constructor() {
    for (const name of [
      'ArrayBuffer',
      'Uint8Array',
      'Uint8ClampedArray',
      'Uint16Array',
      'Uint32Array',
      'Int32Array',
      'Float32Array',
      'ImageData',
    ] as const) {
      this.#watchConstructor(name);
    }
    for (const name of ['createTexture', 'createBuffer', 'createFramebuffer', 'createProgram']) {
      this.#watchMethod(WebGL2RenderingContext.prototype, name);
    }
    this.#watchMethod(CanvasRenderingContext2D.prototype, 'getImageData');
    this.#watchMethod(OffscreenCanvasRenderingContext2D.prototype, 'getImageData');
  }

  stop(): void {
    for (const undo of this.#undo.splice(0)) undo();
  }

  #watchConstructor(name: keyof typeof globalThis): void {
    const scope = globalThis as unknown as Record<string, AnyConstructor>;
    const Original = scope[name] as AnyConstructor;
    scope[name] = new Proxy(Original, {
      construct: (target, args, newTarget: AnyConstructor) => {
        const made = Reflect.construct(target, args, newTarget) as { byteLength?: number };
        // What stands on memory that is there already takes none.
        const isView = args[0] instanceof ArrayBuffer || args[0] instanceof Original;
        if (name === 'ImageData' || (!isView && (made.byteLength ?? 0) >= sizeBytes)) {
          this.made.push(name);
        }
        return made;
      },
    });
    this.#undo.push(() => (scope[name] = Original));
  }

  #watchMethod(prototype: object, name: string): void {
    const methods = prototype as Record<string, (...args: unknown[]) => unknown>;
    const original = methods[name] as (...args: unknown[]) => unknown;
    const { made } = this;
    methods[name] = function (...args) {
      made.push(name);
      return original.apply(this, args);
    };
    this.#undo.push(() => (methods[name] = original));
  }
}

for (const { title, create } of rigKinds.filter((kind) => kind.isCpu)) {
  describe(`${title}, in a thousand frames,`, () => {
    it('makes nothing as large as a mask for any effect', async () => {
      const { renderer, answer, dispose } = await create(model);
      renderer.attachCanvas(new OffscreenCanvas(1, 1));
      await renderer.setBackground(await createBitmap(paintFlat(30, 20, [1, 2, 3, 255])));
      const frame = createRgbaFrame(paintHalves(width, height, [200, 0, 0, 255], [0, 0, 200, 255]));
      const mask = answer(new Float32Array(24 * 16).fill(0.5));
      const surfaces = [renderer.createSurface(), renderer.createSurface()];
      let shown = 0;
      const show = async (effect: Effect): Promise<void> => {
        const surface = surfaces[shown % 2] as (typeof surfaces)[0];
        await renderer.upload(surface, frame);
        await renderer.preprocess(surface);
        const stream = { lingerMs: 300, timestampUs: 40_000 * shown++ };
        renderer.postprocess(surface, mask, { refine: true, stream });
        renderer.composite(surface, createEffect(effect));
      };
      for (const effect of ['none', 'mask', 'cutout', 'blur', 'replace'] satisfies Effect[]) {
        for (let i = 0; i < 4; i++) await show(effect);
        const count = new AllocationCount();
        try {
          for (let i = 0; i < frameCount; i++) await show(effect);
        } finally {
          count.stop();
        }
        expect(count.made, effect).to.deep.equal([]);
      }
      frame.close();
      await dispose();
    });
  });
}

describe('AllocationCount', () => {
  it('counts what is made', () => {
    const count = new AllocationCount();
    new Float32Array(sizeBytes / 4);
    new Uint8Array(new ArrayBuffer(sizeBytes));
    new Uint8Array(3);
    count.stop();
    expect(count.made).to.deep.equal(['Float32Array', 'ArrayBuffer']);
  });
});
