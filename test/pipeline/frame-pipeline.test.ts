import { expect } from '@open-wc/testing';

import { SegmenterError } from '../../src/errors.ts';
import { CanvasRenderer } from '../../src/pipeline/canvas-renderer.ts';
import type { CanvasSurface } from '../../src/pipeline/canvas-surface.ts';
import { FramePipeline } from '../../src/pipeline/frame-pipeline.ts';
import type { MaskRequest, ViewOptions } from '../../src/protocol/messages.ts';
import type { CpuAnswer, Effect, Frame, ModelSpec } from '../../src/stage.ts';
import {
  createBitmap,
  createRgbaFrame,
  paintFlat,
  paintHalves,
  type Pixel,
} from '../helpers/frames.ts';
import { createModel } from '../helpers/models.ts';
import { createEffect, GreenEngine, PipelineLog } from '../helpers/pipelines.ts';
import { contextOf } from '../helpers/pictures.ts';
import { codeOf, finishDueWork } from '../helpers/promises.ts';

const [width, height] = [16, 12];
const model = createModel({ width, height }, { width, height });

const green: Pixel = [0, 255, 0, 255];
const red: Pixel = [255, 0, 0, 255];
const blue: Pixel = [0, 0, 255, 255];
const clear: Pixel = [0, 0, 0, 0];

const floatMask: MaskRequest = { format: 'float', size: 'model', threshold: 0.5 };
const never = new AbortController().signal;

/** Flat; green is a person and everything else is not. */
function createFrame(pixel: Pixel, timestampUs = 0): VideoFrame {
  return createRgbaFrame(paintFlat(width, height, pixel), timestampUs);
}

/** Masks as the model gives them, which are known here. */
const matte = { refine: false, smoothing: 0 };

function createView(effect: Effect, mask: MaskRequest | null = null): ViewOptions {
  return { effect: createEffect(effect), mask, priority: 'throughput', matte };
}

function isClosed(frame: Frame): boolean {
  return frame instanceof VideoFrame ? frame.format === null : frame.width === 0;
}

/** Everything a test needs to drive one pipeline. */
interface Bench {
  readonly pipeline: FramePipeline<Uint8ClampedArray, CpuAnswer, CanvasSurface>;
  readonly engine: GreenEngine;
  readonly log: PipelineLog;
  readonly canvas: OffscreenCanvas;
  /** Straight RGBA in the middle of the left or right half of the canvas. */
  readonly left: () => number[];
  readonly right: () => number[];
  /** Pushes flat frames and waits until each is answered for. */
  readonly show: (...frames: VideoFrame[]) => Promise<void>;
}

const benches: Bench[] = [];

function createBench(
  view: ViewOptions,
  {
    concurrency = 1,
    isHeld = false,
    model: spec = model,
  }: { concurrency?: number; isHeld?: boolean; model?: ModelSpec } = {},
): Bench {
  const engine = new GreenEngine(spec, concurrency);
  engine.isHeld = isHeld;
  const log = new PipelineLog();
  const pipeline = new FramePipeline(new CanvasRenderer(spec, Infinity), engine, view, log);
  const canvas = new OffscreenCanvas(1, 1);
  pipeline.attachCanvas(canvas);
  const read = (share: number): number[] => {
    const [x, y] = [Math.floor(share * canvas.width), Math.floor(canvas.height / 2)];
    return [...contextOf(canvas).getImageData(x, y, 1, 1).data];
  };
  const show = async (...frames: VideoFrame[]): Promise<void> => {
    for (const frame of frames) {
      const count = log.outcomes.length + 1;
      pipeline.push(frame, frame.timestamp);
      await log.untilFrames(count);
    }
  };
  const bench: Bench = {
    pipeline,
    engine,
    log,
    canvas,
    left: () => read(0.25),
    right: () => read(0.75),
    show,
  };
  benches.push(bench);
  return bench;
}

describe('FramePipeline', () => {
  afterEach(async () => {
    for (const { engine, pipeline } of benches.splice(0)) {
      if (engine.isDisposed) continue;
      engine.isHeld = false;
      await pipeline.dispose();
    }
  });

  describe('with a model that follows people', () => {
    const following: ModelSpec = { ...model, framing: 'people' };

    it('looks at all of the first frame as well', async () => {
      const { show, engine } = createBench(createView('cutout'), { model: following });
      await show(createFrame(green), createFrame(green, 40_000));
      expect(engine.runs.length).to.equal(3);
    });

    it('looks around anew after it was cleared', async () => {
      const { show, engine, pipeline } = createBench(createView('cutout'), { model: following });
      await show(createFrame(green));
      pipeline.clear();
      await show(createFrame(green, 40_000));
      expect(engine.runs.length).to.equal(4);
    });

    it('takes no part of a frame for that of the next one on its surface', async () => {
      const { pipeline, engine, log, show, left, right } = createBench(createView('none'), {
        model: following,
        concurrency: 2,
      });
      await show(createRgbaFrame(paintHalves(width, height, red, green)));
      engine.isHeld = true;
      void pipeline.configure(createView('cutout'));
      const lookAtFirst = await engine.runAt(0);
      pipeline.push(createFrame(green, 40_000), 40_000);
      (await engine.runAt(1)).answer();
      (await engine.runAt(2)).answer();
      await log.untilFrames(2);
      // On the surface of the first, which nobody waits for any more.
      pipeline.push(createRgbaFrame(paintHalves(width, height, green, red), 80_000), 80_000);
      const third = await engine.runAt(3);
      lookAtFirst.answer();
      await finishDueWork();
      third.answer();
      await log.untilFrames(3);
      expect([left(), right()]).to.deep.equal([green, clear]);
    });

    it('looks at all of a picture by itself as well', async () => {
      const { pipeline, engine } = createBench(createView('none'), { model: following });
      const frame = createRgbaFrame(paintHalves(width, height, red, green));
      const { mask } = await pipeline.segment(frame, floatMask, never);
      expect(engine.runs.length).to.equal(2);
      if (mask.content.format !== 'float') throw new Error(mask.content.format);
      const row = [...mask.content.data.subarray(0, width)];
      // The second time it saw but a margin of the left half, and the edge between two of its pixels.
      expect(row.slice(0, 7)).to.deep.equal(Array.from({ length: 7 }, () => 0));
      expect(row.slice(9)).to.deep.equal(Array.from({ length: 7 }, () => 1));
    });
  });

  describe('push', () => {
    it('shows a frame', async () => {
      const { show, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      expect(left()).to.deep.equal(green);
    });

    it('sizes the canvas to the frame', async () => {
      const { show, canvas } = createBench(createView('cutout'));
      await show(createRgbaFrame(paintFlat(20, 10, green)));
      expect([canvas.width, canvas.height]).to.deep.equal([20, 10]);
    });

    it('tells size and media time of what it showed', async () => {
      const { show, log } = createBench(createView('cutout'));
      await show(createFrame(green, 40_000));
      expect(log.outcomes[0]).to.include({ kind: 'shown', width, height, timestampUs: 40_000 });
    });

    it('hides what is not a person', async () => {
      const { show, left, right } = createBench(createView('cutout'));
      await show(createRgbaFrame(paintHalves(width, height, red, green)));
      expect([left(), right()]).to.deep.equal([clear, green]);
    });

    it('draws each frame with its own mask', async () => {
      const { show, left, right } = createBench(createView('cutout'));
      await show(createRgbaFrame(paintHalves(width, height, red, green)));
      await show(createRgbaFrame(paintHalves(width, height, green, red)));
      expect([left(), right()]).to.deep.equal([green, clear]);
    });

    for (const effect of ['none', 'cutout'] as const) {
      it(`closes a VideoFrame shown with the effect ${effect}`, async () => {
        const frame = createFrame(green);
        await createBench(createView(effect)).show(frame);
        expect(isClosed(frame)).to.equal(true);
      });
    }

    it('closes an ImageBitmap', async () => {
      const { pipeline, log } = createBench(createView('cutout'));
      const bitmap = await createBitmap(paintFlat(width, height, green));
      pipeline.push(bitmap, 0);
      await log.untilFrames(1);
      expect(isClosed(bitmap)).to.equal(true);
    });

    it('closes a frame before its mask is there', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      const frame = createFrame(green);
      pipeline.push(frame, 0);
      const run = await engine.runAt(0);
      expect(isClosed(frame)).to.equal(true);
      run.answer();
    });

    it('keeps the last composite while a mask is on its way', async () => {
      const { pipeline, engine, show, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      engine.isHeld = true;
      pipeline.push(createFrame(red), 1);
      const run = await engine.runAt(1);
      expect(left()).to.deep.equal(green);
      run.answer();
    });

    it('runs no inference for the effect none', async () => {
      const { show, engine } = createBench(createView('none'));
      await show(createFrame(red), createFrame(green));
      expect(engine.runs.length).to.equal(0);
    });

    it('tells an inference time of 0 for the effect none', async () => {
      const { show, log } = createBench(createView('none'));
      await show(createFrame(red));
      const [outcome] = log.outcomes;
      expect(outcome?.kind === 'shown' && outcome.stages.inferenceMs).to.equal(0);
    });

    it('shows the whole frame with the effect none', async () => {
      const { show, left } = createBench(createView('none'));
      await show(createFrame(red));
      expect(left()).to.deep.equal(red);
    });

    it('counts all stages within the whole time', async () => {
      const { show, log } = createBench(createView('cutout'));
      await show(createFrame(green));
      const [outcome] = log.outcomes;
      if (outcome?.kind !== 'shown') throw new Error('Nothing was shown.');
      const { uploadMs, preprocessMs, inferenceMs, postprocessMs, compositeMs } = outcome.stages;
      const stagesMs = uploadMs + preprocessMs + inferenceMs + postprocessMs + compositeMs;
      // Sums of times are not exact.
      expect(outcome.totalMs).to.be.at.least(stagesMs - 0.001);
    });

    it('fails a frame that was closed before', async () => {
      const { show, log } = createBench(createView('cutout'));
      const frame = createFrame(green);
      frame.close();
      await show(frame);
      expect(log.kinds).to.deep.equal(['failed']);
    });
  });

  describe('back-pressure', () => {
    it('lets the newest of the waiting frames win', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      for (const timestampUs of [1, 2, 3, 4]) {
        pipeline.push(createFrame(green, timestampUs), timestampUs);
      }
      (await engine.runAt(0)).answer();
      (await engine.runAt(1)).answer();
      await log.untilFrames(4);
      expect(log.shown).to.deep.equal([1, 4]);
    });

    it('drops the frame that lost at once', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      for (const timestampUs of [1, 2, 3]) pipeline.push(createFrame(green), timestampUs);
      expect(log.kinds).to.deep.equal(['dropped']);
      (await engine.runAt(0)).answer();
      (await engine.runAt(1)).answer();
    });

    it('closes the frame that lost at once', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      const frames = [1, 2, 3].map((timestampUs) => createFrame(green, timestampUs));
      for (const frame of frames) pipeline.push(frame, frame.timestamp);
      expect(frames.map(isClosed)[1]).to.equal(true);
      (await engine.runAt(0)).answer();
      (await engine.runAt(1)).answer();
    });

    for (const concurrency of [1, 2]) {
      it(`answers once for each of 50 frames, ${concurrency} at a time`, async () => {
        const { pipeline, log } = createBench(createView('cutout'), { concurrency });
        for (let i = 0; i < 50; i++) {
          pipeline.push(createFrame(green, i), i);
          if (i % 3 === 0) await finishDueWork();
        }
        await log.untilFrames(50);
        await finishDueWork();
        expect(log.outcomes.length).to.equal(50);
      });

      it(`closes all of 50 frames, ${concurrency} at a time`, async () => {
        const { pipeline, log } = createBench(createView('cutout'), { concurrency });
        const frames = Array.from({ length: 50 }, (_, i) => createFrame(green, i));
        for (const [i, frame] of frames.entries()) {
          pipeline.push(frame, i);
          if (i % 3 === 0) await finishDueWork();
        }
        await log.untilFrames(50);
        expect(frames.filter((frame) => !isClosed(frame)).length).to.equal(0);
      });

      it(`shows frames in their order, ${concurrency} at a time`, async () => {
        const { pipeline, log } = createBench(createView('cutout'), { concurrency });
        for (let i = 0; i < 50; i++) {
          pipeline.push(createFrame(green, i), i);
          if (i % 3 === 0) await finishDueWork();
        }
        await log.untilFrames(50);
        expect(log.shown).to.deep.equal([...log.shown].sort((a, b) => a - b));
      });

      it(`shows the last of 50 frames, ${concurrency} at a time`, async () => {
        const { pipeline, log } = createBench(createView('cutout'), { concurrency });
        for (let i = 0; i < 50; i++) pipeline.push(createFrame(green, i), i);
        await log.untilFrames(50);
        expect(log.shown.at(-1)).to.equal(49);
      });

      it(`keeps ${concurrency} calls of the model open at once`, async () => {
        const { pipeline, engine } = createBench(createView('cutout'), {
          concurrency,
          isHeld: true,
        });
        for (let i = 0; i < 4; i++) pipeline.push(createFrame(green, i), i);
        await engine.runAt(concurrency - 1);
        await finishDueWork();
        expect(engine.mostOpen).to.equal(concurrency);
        engine.isHeld = false;
        for (const run of engine.runs) run.answer();
      });
    }

    it('drops a frame whose mask comes after that of a newer one', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), {
        concurrency: 2,
        isHeld: true,
      });
      pipeline.push(createFrame(green, 1), 1);
      pipeline.push(createFrame(green, 2), 2);
      (await engine.runAt(1)).answer();
      await log.untilFrames(1);
      (await engine.runAt(0)).answer();
      await log.untilFrames(2);
      expect([log.kinds, log.shown]).to.deep.equal([['shown', 'dropped'], [2]]);
    });

    it('does not draw a frame whose mask comes after that of a newer one', async () => {
      const { pipeline, engine, log, left } = createBench(createView('cutout'), {
        concurrency: 2,
        isHeld: true,
      });
      pipeline.push(createFrame([0, 255, 255, 255]), 1);
      pipeline.push(createFrame(green), 2);
      (await engine.runAt(1)).answer();
      await log.untilFrames(1);
      (await engine.runAt(0)).answer();
      await log.untilFrames(2);
      expect(left()).to.deep.equal(green);
    });
  });

  describe('configure', () => {
    it('leaves the newest frame waiting for the one before it when latency comes first', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), {
        concurrency: 2,
        isHeld: true,
      });
      await pipeline.configure({ ...createView('cutout'), priority: 'latency' });
      for (const timestampUs of [1, 2, 3]) {
        pipeline.push(createFrame(green, timestampUs), timestampUs);
      }
      (await engine.runAt(0)).answer();
      (await engine.runAt(1)).answer();
      await log.untilFrames(3);
      expect([log.shown, engine.mostOpen]).to.deep.equal([[1, 3], 1]);
    });

    it('does nothing before the first frame', async () => {
      const { pipeline, engine } = createBench(createView('none'));
      await pipeline.configure(createView('cutout'));
      expect(engine.runs.length).to.equal(0);
    });

    it('applies to the frames that follow', async () => {
      const { pipeline, show, left } = createBench(createView('none'));
      await pipeline.configure(createView('cutout'));
      await show(createFrame(red));
      expect(left()).to.deep.equal(clear);
    });

    it('takes away a bare frame before its mask is there', async () => {
      const { pipeline, engine, show, left } = createBench(createView('none'));
      await show(createFrame(green));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      expect(left()).to.deep.equal(clear);
      (await engine.runAt(0)).answer();
      await configured;
    });

    it('keeps the canvas clear until the mask is there', async () => {
      const { pipeline, engine, show, left } = createBench(createView('none'));
      await show(createFrame(green));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      const run = await engine.runAt(0);
      expect(left()).to.deep.equal(clear);
      run.answer();
      await configured;
    });

    it('shows the last frame with its mask once that is there', async () => {
      const { pipeline, show, left, right } = createBench(createView('none'));
      await show(createRgbaFrame(paintHalves(width, height, red, green)));
      await pipeline.configure(createView('cutout'));
      expect([left(), right()]).to.deep.equal([clear, green]);
    });

    it('shows the last frame whole at once with the effect none', async () => {
      const { pipeline, show, left } = createBench(createView('cutout'));
      await show(createFrame(red));
      void pipeline.configure(createView('none'));
      expect(left()).to.deep.equal(red);
    });

    it('uses the mask that is there', async () => {
      const { pipeline, show, engine } = createBench(createView('cutout'));
      await show(createFrame(green));
      await pipeline.configure(createView('mask'));
      await pipeline.configure(createView('none'));
      await pipeline.configure(createView('replace'));
      expect(engine.runs.length).to.equal(1);
    });

    it('draws the last frame with another colour at once', async () => {
      const { pipeline, show, left } = createBench(createView('replace'));
      await show(createFrame(red));
      const effect = createEffect('replace', { backgroundColor: [0, 0, 1, 1] });
      void pipeline.configure({ ...createView('replace'), effect });
      expect(left()).to.deep.equal(blue);
    });

    it('never shows a frame bare that was begun before the background was to go', async () => {
      const { pipeline, log, left } = createBench(createView('none'));
      pipeline.push(createFrame(red), 0);
      await pipeline.configure(createView('cutout'));
      await log.untilFrames(1);
      expect(left()).to.deep.equal(clear);
    });

    it('tells nothing about frames', async () => {
      const { pipeline, show, log } = createBench(createView('none'));
      await show(createFrame(green));
      await pipeline.configure(createView('cutout'));
      expect(log.outcomes.length).to.equal(1);
    });

    it('rejects when the model fails', async () => {
      const { pipeline, engine, show } = createBench(createView('none'));
      await show(createFrame(green));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      (await engine.runAt(0)).fail(new SegmenterError('device-lost', 'test'));
      expect(await codeOf(configured)).to.equal('device-lost');
    });

    it('stays clear when the model fails', async () => {
      const { pipeline, engine, show, left } = createBench(createView('none'));
      await show(createFrame(green));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      (await engine.runAt(0)).fail(new Error('test'));
      await codeOf(configured);
      expect(left()).to.deep.equal(clear);
    });

    it('does not give one frame the late mask of another', async () => {
      const { pipeline, engine, log, left } = createBench(createView('none'), { concurrency: 2 });
      pipeline.push(createFrame(green, 1), 1);
      await log.untilFrames(1);
      engine.isHeld = true;
      // The mask of the first frame, all of it person, is on its way while two more are shown.
      const configured = pipeline.configure(createView('cutout'));
      const late = await engine.runAt(0);
      for (const [i, timestampUs] of [2, 3].entries()) {
        pipeline.push(createFrame(red, timestampUs), timestampUs);
        (await engine.runAt(i + 1)).answer();
        await log.untilFrames(timestampUs);
      }
      late.answer();
      await configured;
      await pipeline.configure(createView('cutout'));
      expect(left()).to.deep.equal(clear);
    });
  });

  describe('classes', () => {
    const background = { ...createView('cutout'), classes: ['background'] };
    const categories: MaskRequest = { ...floatMask, format: 'categories' };

    it('apply to the last frame, which is inferred anew', async () => {
      const { pipeline, engine, left, show } = createBench(createView('cutout'));
      await show(createFrame(red));
      expect(left()).to.deep.equal(clear);
      await pipeline.configure(background);
      expect([left(), engine.runs.length]).to.deep.equal([red, 2]);
    });

    it('infer nothing anew while they stay the same', async () => {
      const { pipeline, engine, show } = createBench(background);
      await show(createFrame(red));
      await pipeline.configure({ ...createView('blur'), classes: ['0'] });
      expect(engine.runs).to.have.length(1);
    });

    it('infer the last frame once for two calls with the same choice', async () => {
      const { pipeline, engine, show } = createBench(createView('cutout'));
      await show(createFrame(red));
      await Promise.all([pipeline.configure(background), pipeline.configure(background)]);
      expect(engine.runs).to.have.length(2);
    });

    it('that are chosen while a frame is worked on apply to that frame', async () => {
      const { pipeline, engine, log, left } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(red), 0);
      const first = await engine.runAt(0);
      await pipeline.configure(background);
      first.answer();
      (await engine.runAt(1)).answer();
      await log.untilFrames(1);
      expect([left(), log.kinds]).to.deep.equal([red, ['shown']]);
    });

    it('that are chosen twice are told in one mask, the right one', async () => {
      const view = { ...createView('cutout', floatMask), classes: ['person'] };
      const { pipeline, engine, log, show } = createBench(view);
      await show(createFrame(red));
      engine.isHeld = true;
      const one = pipeline.configure({ ...view, classes: ['background'] });
      const run = await engine.runAt(1);
      const two = pipeline.configure({ ...view, classes: ['background', 'person'] });
      run.answer();
      (await engine.runAt(2)).answer();
      await Promise.all([one, two]);
      const values = log.masks.map(({ mask }) => 'data' in mask.content && mask.content.data[0]);
      expect(values).to.deep.equal([0, 1]);
    });

    it('of each pixel are told when they are asked for later', async () => {
      const { pipeline, log, show } = createBench({ ...background, mask: floatMask });
      await show(createFrame(green));
      await pipeline.configure({ ...background, mask: categories });
      const [, second] = log.masks.map(({ mask }) => mask.content);
      expect(second).to.deep.equal({
        format: 'categories',
        data: new Uint8Array(width * height).fill(1),
      });
    });

    it('that the model has not are refused, and the ones before stay', async () => {
      const { pipeline, left, show } = createBench(background);
      await show(createFrame(red));
      const call = pipeline.configure({ ...background, classes: ['hair'] });
      expect(await codeOf(call)).to.equal('option-invalid');
      await show(createFrame(red, 1));
      expect(left()).to.deep.equal(red);
    });

    it('that the model has not are refused for a picture, which is closed', async () => {
      const { pipeline } = createBench(createView('none'));
      const frame = createFrame(red);
      const call = pipeline.segment(frame, floatMask, never, ['hair']);
      expect(await codeOf(call)).to.equal('option-invalid');
      expect(isClosed(frame)).to.equal(true);
    });
  });

  describe('masks', () => {
    it('come only when asked for', async () => {
      const { show, log } = createBench(createView('cutout'));
      await show(createFrame(green), createFrame(green));
      await finishDueWork();
      expect(log.masks.length).to.equal(0);
    });

    it('come one for each frame shown', async () => {
      const { show, log } = createBench(createView('cutout', floatMask));
      await show(createFrame(green, 1), createFrame(green, 2));
      await log.untilMasks(2);
      expect(log.masks.map(({ mask }) => mask.timestampUs)).to.deep.equal([1, 2]);
    });

    it('come with the effect none too', async () => {
      const { show, log } = createBench(createView('none', floatMask));
      await show(createFrame(green));
      await log.untilMasks(1);
      expect(log.masks.length).to.equal(1);
    });

    it('hold what the model saw', async () => {
      const { show, log } = createBench(createView('none', floatMask));
      await show(createRgbaFrame(paintHalves(width, height, red, green)));
      await log.untilMasks(1);
      const { content } = log.masks[0]?.mask ?? {};
      const row = content?.format === 'float' ? [...content.data.slice(0, width)] : [];
      expect(row).to.deep.equal([0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1]);
    });

    it('come for the last frame when they are asked for later', async () => {
      const { pipeline, show, log } = createBench(createView('cutout'));
      await show(createFrame(green, 7));
      await pipeline.configure(createView('cutout', floatMask));
      expect(log.masks.map(({ mask }) => mask.timestampUs)).to.deep.equal([7]);
    });

    it('come for the last frame when they are asked for with the effect none', async () => {
      const { pipeline, show, log, left } = createBench(createView('none'));
      await show(createFrame(red, 7));
      await pipeline.configure(createView('none', floatMask));
      expect([log.masks.length, left()]).to.deep.equal([1, red]);
    });

    it('do not come again when something else changes', async () => {
      const { pipeline, show, log } = createBench(createView('cutout', floatMask));
      await show(createFrame(green));
      await log.untilMasks(1);
      await pipeline.configure(createView('mask', { ...floatMask }));
      expect(log.masks.length).to.equal(1);
    });

    it('stop when they are no longer asked for', async () => {
      const { pipeline, show, log } = createBench(createView('cutout', floatMask));
      await show(createFrame(green));
      await log.untilMasks(1);
      await pipeline.configure(createView('cutout'));
      await show(createFrame(green));
      await finishDueWork();
      expect(log.masks.length).to.equal(1);
    });

    it('come with what is to be transferred', async () => {
      const { show, log } = createBench(createView('cutout', floatMask));
      await show(createFrame(green));
      await log.untilMasks(1);
      const [{ mask, transfer } = { mask: undefined, transfer: [] }] = log.masks;
      const data = mask?.content.format === 'float' ? mask.content.data : undefined;
      expect(transfer).to.have.ordered.members([data?.buffer]);
    });

    it('do not come for dropped frames', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout', floatMask), {
        isHeld: true,
      });
      for (const timestampUs of [1, 2, 3]) pipeline.push(createFrame(green), timestampUs);
      (await engine.runAt(0)).answer();
      (await engine.runAt(1)).answer();
      await log.untilFrames(3);
      await log.untilMasks(2);
      expect(log.masks.map(({ mask }) => mask.timestampUs)).to.deep.equal([1, 3]);
    });
  });

  describe('segment', () => {
    it('answers with the mask of its frame', async () => {
      const { pipeline } = createBench(createView('none'));
      const { mask } = await pipeline.segment(createFrame(green, 9), floatMask, never);
      const { content } = mask;
      expect(content.format === 'float' && new Set(content.data)).to.deep.equal(new Set([1]));
    });

    it('tells the media time of its frame', async () => {
      const { pipeline } = createBench(createView('none'));
      const { mask } = await pipeline.segment(createFrame(green, 9), floatMask, never);
      expect(mask.timestampUs).to.equal(9);
    });

    it('has a media time of 0 for an ImageBitmap', async () => {
      const { pipeline } = createBench(createView('none'));
      const bitmap = await createBitmap(paintFlat(width, height, green));
      const { mask } = await pipeline.segment(bitmap, floatMask, never);
      expect(mask.timestampUs).to.equal(0);
    });

    it('answers at the size of its frame', async () => {
      const { pipeline } = createBench(createView('none'));
      const frame = createRgbaFrame(paintFlat(20, 10, green));
      const { mask } = await pipeline.segment(frame, { ...floatMask, size: 'source' }, never);
      expect([mask.width, mask.height]).to.deep.equal([20, 10]);
    });

    it('closes its frame', async () => {
      const { pipeline } = createBench(createView('none'));
      const frame = createFrame(green);
      await pipeline.segment(frame, floatMask, never);
      expect(isClosed(frame)).to.equal(true);
    });

    it('closes its frame when the model fails', async () => {
      const { pipeline, engine } = createBench(createView('none'), { isHeld: true });
      const frame = createFrame(green);
      const answer = pipeline.segment(frame, floatMask, never);
      (await engine.runAt(0)).fail(new Error('test'));
      await codeOf(answer);
      expect(isClosed(frame)).to.equal(true);
    });

    it('rejects with what the model failed with', async () => {
      const { pipeline, engine } = createBench(createView('none'), { isHeld: true });
      const answer = pipeline.segment(createFrame(green), floatMask, never);
      (await engine.runAt(0)).fail(new SegmenterError('device-lost', 'test'));
      expect(await codeOf(answer)).to.equal('device-lost');
    });

    it('runs no inference when nobody waits any more', async () => {
      const { pipeline, engine } = createBench(createView('none'));
      const frame = createFrame(green);
      const code = await codeOf(pipeline.segment(frame, floatMask, AbortSignal.abort()));
      expect([code, engine.runs.length, isClosed(frame)]).to.deep.equal(['AbortError', 0, true]);
    });

    it('rejects when nobody waits any more once the model answers', async () => {
      const { pipeline, engine } = createBench(createView('none'), { isHeld: true });
      const controller = new AbortController();
      const answer = pipeline.segment(createFrame(green), floatMask, controller.signal);
      const run = await engine.runAt(0);
      controller.abort();
      run.answer();
      expect(await codeOf(answer)).to.equal('AbortError');
    });

    it('leaves the canvas as it is', async () => {
      const { pipeline, show, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      await pipeline.segment(createFrame(red), floatMask, never);
      expect(left()).to.deep.equal(green);
    });

    it('leaves the last frame as it is', async () => {
      const { pipeline, show, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      await pipeline.segment(createFrame(red), floatMask, never);
      await pipeline.configure(createView('cutout'));
      expect(left()).to.deep.equal(green);
    });

    it('is no frame of the stream', async () => {
      const { pipeline, log } = createBench(createView('cutout', floatMask));
      await pipeline.segment(createFrame(red), floatMask, never);
      await finishDueWork();
      expect([log.outcomes.length, log.masks.length]).to.deep.equal([0, 0]);
    });

    it('lets the stream go on once it is done', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      const answer = pipeline.segment(createFrame(red), floatMask, never);
      const run = await engine.runAt(0);
      pipeline.push(createFrame(green, 5), 5);
      engine.isHeld = false;
      run.answer();
      await answer;
      await log.untilFrames(1);
      expect(log.shown).to.deep.equal([5]);
    });

    it('waits for the frame that is worked on', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      const run = await engine.runAt(0);
      const answer = pipeline.segment(createFrame(red), floatMask, never);
      await finishDueWork();
      expect(engine.runs.length).to.equal(1);
      run.answer();
      (await engine.runAt(1)).answer();
      await answer;
    });

    it('takes its turn while frames keep coming', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      const answer = pipeline.segment(createFrame(red), floatMask, never);
      for (let i = 1; i < 4; i++) pipeline.push(createFrame(green), i);
      const run = await engine.runAt(0);
      engine.isHeld = false;
      run.answer();
      expect((await answer).mask.content.format).to.equal('float');
      await log.untilFrames(4);
    });
  });

  describe('snapshot', () => {
    /** Straight RGBA in the middle of what was encoded. */
    async function decode(blob: Blob): Promise<number[]> {
      const bitmap = await createImageBitmap(blob);
      const context = contextOf(new OffscreenCanvas(bitmap.width, bitmap.height));
      context.drawImage(bitmap, 0, 0);
      return [...context.getImageData(bitmap.width / 2, bitmap.height / 2, 1, 1).data];
    }

    it('rejects before the first frame', async () => {
      const { pipeline } = createBench(createView('none'));
      expect(await codeOf(pipeline.snapshot('image/png', 1))).to.equal('unsupported');
    });

    it('rejects after clear', async () => {
      const { pipeline, show } = createBench(createView('none'));
      await show(createFrame(green));
      pipeline.clear();
      expect(await codeOf(pipeline.snapshot('image/png', 1))).to.equal('unsupported');
    });

    it('rejects while the first frame waits for its mask', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), {
        concurrency: 2,
        isHeld: true,
      });
      pipeline.push(createFrame(green), 0);
      const run = await engine.runAt(0);
      expect(await codeOf(pipeline.snapshot('image/png', 1))).to.equal('unsupported');
      run.answer();
      await log.untilFrames(1);
    });

    it('holds the last frame', async () => {
      const { pipeline, show } = createBench(createView('none'));
      await show(createFrame(red), createFrame(green));
      expect(await decode(await pipeline.snapshot('image/png', 1))).to.deep.equal(green);
    });

    it('hides what the effect hides', async () => {
      const { pipeline, show } = createBench(createView('cutout'));
      await show(createFrame(red));
      expect(await decode(await pipeline.snapshot('image/png', 1))).to.deep.equal(clear);
    });

    it('hides what the effect hides while the mask is on its way', async () => {
      const { pipeline, engine, show } = createBench(createView('none'));
      await show(createFrame(red));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      const snapshot = pipeline.snapshot('image/png', 1);
      const run = await engine.runAt(0);
      engine.isHeld = false;
      run.answer();
      await configured;
      expect(await decode(await snapshot)).to.deep.equal(clear);
    });

    it('hides what the effect hides after the model failed', async () => {
      const { pipeline, engine, show } = createBench(createView('none'));
      await show(createFrame(red));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      (await engine.runAt(0)).fail(new Error('test'));
      await codeOf(configured);
      engine.isHeld = false;
      expect(await decode(await pipeline.snapshot('image/png', 1))).to.deep.equal(clear);
    });

    it('does not show one frame with the late mask of another', async () => {
      const { pipeline, engine, log } = createBench(createView('none'), { concurrency: 2 });
      pipeline.push(createFrame(green, 1), 1);
      await log.untilFrames(1);
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      (await engine.runAt(0)).fail(new Error('test'));
      await codeOf(configured);
      // The mask of the first frame, all of it person, is on its way while two more are shown.
      const snapshot = pipeline.snapshot('image/png', 1);
      const late = await engine.runAt(1);
      for (const [i, timestampUs] of [2, 3].entries()) {
        pipeline.push(createFrame(red, timestampUs), timestampUs);
        (await engine.runAt(i + 2)).answer();
        await log.untilFrames(timestampUs);
      }
      late.answer();
      const [redLevel, , , alpha] = await decode(await snapshot);
      expect([redLevel, alpha]).to.not.deep.equal([255, 255]);
    });

    for (const type of ['image/png', 'image/jpeg', 'image/webp']) {
      it(`is a file of type ${type}`, async () => {
        const { pipeline, show } = createBench(createView('none'));
        await show(createFrame(green));
        expect((await pipeline.snapshot(type, 0.9)).type).to.equal(type);
      });
    }

    it('needs no canvas', async () => {
      const engine = new GreenEngine(model);
      const log = new PipelineLog();
      const renderer = new CanvasRenderer(model, Infinity);
      const pipeline = new FramePipeline(renderer, engine, createView('none'), log);
      pipeline.push(createFrame(green), 0);
      await log.untilFrames(1);
      expect(await decode(await pipeline.snapshot('image/png', 1))).to.deep.equal(green);
      await pipeline.dispose();
    });
  });

  describe('attachCanvas', () => {
    it('shows the last frame on the new canvas', async () => {
      const { pipeline, show } = createBench(createView('cutout'));
      await show(createFrame(green));
      const canvas = new OffscreenCanvas(1, 1);
      pipeline.attachCanvas(canvas);
      expect([...contextOf(canvas).getImageData(1, 1, 1, 1).data]).to.deep.equal(green);
    });

    it('shows frames that follow on the new canvas', async () => {
      const { pipeline, show } = createBench(createView('none'));
      const canvas = new OffscreenCanvas(1, 1);
      pipeline.attachCanvas(canvas);
      await show(createFrame(red));
      expect([...contextOf(canvas).getImageData(1, 1, 1, 1).data]).to.deep.equal(red);
    });

    it('shows nothing on the new canvas while the mask is on its way', async () => {
      const { pipeline, engine, show } = createBench(createView('none'));
      await show(createFrame(red));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      const canvas = new OffscreenCanvas(4, 4);
      pipeline.attachCanvas(canvas);
      expect([...contextOf(canvas).getImageData(1, 1, 1, 1).data]).to.deep.equal(clear);
      (await engine.runAt(0)).answer();
      await configured;
    });
  });

  describe('setBackground', () => {
    it('closes the picture', async () => {
      const { pipeline } = createBench(createView('replace'));
      const picture = await createBitmap(paintFlat(4, 4, blue));
      await pipeline.setBackground(picture);
      expect(isClosed(picture)).to.equal(true);
    });

    it('closes a picture that cannot be used', async () => {
      const { pipeline } = createBench(createView('replace'));
      const picture = createFrame(blue);
      picture.close();
      expect(await codeOf(pipeline.setBackground(picture))).to.not.equal('');
    });

    it('draws the last frame anew', async () => {
      const { pipeline, show, left } = createBench(createView('replace'));
      await show(createFrame(red));
      await pipeline.setBackground(await createBitmap(paintFlat(4, 4, blue)));
      expect(left()).to.deep.equal(blue);
    });

    it('takes the picture away again', async () => {
      const { pipeline, show, left } = createBench(createView('replace'));
      await show(createFrame(red));
      await pipeline.setBackground(await createBitmap(paintFlat(4, 4, blue)));
      await pipeline.setBackground(null);
      expect(left()).to.deep.equal(clear);
    });
  });

  describe('clear', () => {
    it('makes the canvas transparent', async () => {
      const { pipeline, show, left } = createBench(createView('none'));
      await show(createFrame(red));
      pipeline.clear();
      expect(left()).to.deep.equal(clear);
    });

    it('drops frames in flight and waiting', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      pipeline.push(createFrame(green), 2);
      const run = await engine.runAt(0);
      pipeline.clear();
      engine.isHeld = false;
      run.answer();
      await log.untilFrames(2);
      expect(log.kinds).to.deep.equal(['dropped', 'dropped']);
    });

    it('does not show frames in flight', async () => {
      const { pipeline, engine, log, canvas } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      const run = await engine.runAt(0);
      pipeline.clear();
      run.answer();
      await log.untilFrames(1);
      expect([...contextOf(canvas).getImageData(0, 0, 1, 1).data]).to.deep.equal(clear);
    });

    it('closes frames in flight and waiting', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      const frames = [createFrame(green), createFrame(green)];
      for (const frame of frames) pipeline.push(frame, 0);
      const run = await engine.runAt(0);
      pipeline.clear();
      engine.isHeld = false;
      run.answer();
      await log.untilFrames(2);
      expect(frames.map(isClosed)).to.deep.equal([true, true]);
    });

    it('shows frames that follow', async () => {
      const { pipeline, show, log, left } = createBench(createView('cutout'));
      await show(createFrame(green, 1));
      pipeline.clear();
      await show(createFrame(green, 2));
      expect([log.shown, left()]).to.deep.equal([[1, 2], green]);
    });

    it('shows frames pushed while an older one is dropped', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      const run = await engine.runAt(0);
      pipeline.clear();
      pipeline.push(createFrame(green), 2);
      engine.isHeld = false;
      run.answer();
      await log.untilFrames(2);
      expect(log.shown).to.deep.equal([2]);
    });

    it('shows nothing when the options change afterwards', async () => {
      const { pipeline, show, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      pipeline.clear();
      await pipeline.configure(createView('none'));
      expect(left()).to.deep.equal(clear);
    });

    it('stays clear when a mask comes that the options asked for', async () => {
      const { pipeline, engine, show, left } = createBench(createView('none'));
      await show(createFrame(green));
      engine.isHeld = true;
      const configured = pipeline.configure(createView('cutout'));
      const run = await engine.runAt(0);
      pipeline.clear();
      run.answer();
      await configured;
      expect(left()).to.deep.equal(clear);
    });

    it('delivers no mask of a frame it dropped', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout', floatMask), {
        isHeld: true,
      });
      pipeline.push(createFrame(green), 1);
      const run = await engine.runAt(0);
      pipeline.clear();
      run.answer();
      await log.untilFrames(1);
      await finishDueWork();
      expect(log.masks.length).to.equal(0);
    });
  });

  describe('a model that fails', () => {
    it('fails the frame', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      (await engine.runAt(0)).fail(new SegmenterError('model-unsupported', 'It does not run.'));
      await log.untilFrames(1);
      expect(log.outcomes).to.deep.equal([
        { kind: 'failed', error: { code: 'model-unsupported', message: 'It does not run.' } },
      ]);
    });

    for (const code of ['device-lost', 'worker-failed'] as const) {
      it(`drops the frame with ${code}, of which engine or renderer tell themselves`, async () => {
        const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
        pipeline.push(createFrame(green), 0);
        (await engine.runAt(0)).fail(new SegmenterError(code, 'It is gone.'));
        await log.untilFrames(1);
        expect(log.outcomes).to.deep.equal([{ kind: 'dropped' }]);
      });
    }

    it('gives any other error a code', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      (await engine.runAt(0)).fail(new TypeError('test'));
      await log.untilFrames(1);
      const [outcome] = log.outcomes;
      expect(outcome?.kind === 'failed' && outcome.error.code).to.equal('backend-unavailable');
    });

    it('leaves a transparent canvas', async () => {
      const { pipeline, engine, show, log, left } = createBench(createView('cutout'));
      await show(createFrame(green));
      engine.isHeld = true;
      pipeline.push(createFrame(green), 1);
      (await engine.runAt(1)).fail(new Error('test'));
      await log.untilFrames(2);
      expect(left()).to.deep.equal(clear);
    });

    it('closes the frame', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      const frame = createFrame(green);
      pipeline.push(frame, 0);
      (await engine.runAt(0)).fail(new Error('test'));
      await log.untilFrames(1);
      expect(isClosed(frame)).to.equal(true);
    });

    it('does not stop the stream', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      pipeline.push(createFrame(green), 2);
      const run = await engine.runAt(0);
      engine.isHeld = false;
      run.fail(new Error('test'));
      await log.untilFrames(2);
      expect(log.kinds).to.deep.equal(['failed', 'shown']);
    });
  });

  describe('dispose', () => {
    it('answers for the frame that waits', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      pipeline.push(createFrame(green), 2);
      const run = await engine.runAt(0);
      const disposed = pipeline.dispose();
      expect(log.kinds).to.deep.equal(['dropped']);
      run.answer();
      await disposed;
    });

    it('answers for the frame in flight', async () => {
      const { pipeline, engine, log } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 1);
      const run = await engine.runAt(0);
      const disposed = pipeline.dispose();
      run.answer();
      await disposed;
      expect(log.outcomes.length).to.equal(1);
    });

    it('closes all frames', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      const frames = [createFrame(green), createFrame(green)];
      for (const frame of frames) pipeline.push(frame, 0);
      const run = await engine.runAt(0);
      const disposed = pipeline.dispose();
      run.answer();
      await disposed;
      expect(frames.map(isClosed)).to.deep.equal([true, true]);
    });

    for (const concurrency of [1, 2]) {
      it(`keeps the model until its ${concurrency} open calls are done`, async () => {
        const { pipeline, engine } = createBench(createView('cutout'), {
          concurrency,
          isHeld: true,
        });
        for (let i = 0; i < concurrency; i++) pipeline.push(createFrame(green), i);
        const last = await engine.runAt(concurrency - 1);
        const disposed = pipeline.dispose();
        for (const run of engine.runs.slice(0, -1)) run.answer();
        await finishDueWork();
        expect(engine.isDisposed).to.equal(false);
        last.answer();
        await disposed;
      });
    }

    it('disposes the model', async () => {
      const { pipeline, engine } = createBench(createView('cutout'));
      await pipeline.dispose();
      expect(engine.isDisposed).to.equal(true);
    });

    it('leaves a transparent canvas', async () => {
      const { pipeline, show, left } = createBench(createView('none'));
      await show(createFrame(red));
      await pipeline.dispose();
      expect(left()).to.deep.equal(clear);
    });

    it('rejects what waits for its turn', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      const run = await engine.runAt(0);
      const waiting = pipeline.segment(createFrame(green), floatMask, never);
      const disposed = pipeline.dispose();
      run.answer();
      expect(await codeOf(waiting)).to.equal('AbortError');
      await disposed;
    });

    it('closes the frame of what waits for its turn', async () => {
      const { pipeline, engine } = createBench(createView('cutout'), { isHeld: true });
      pipeline.push(createFrame(green), 0);
      const run = await engine.runAt(0);
      const frame = createFrame(green);
      const waiting = pipeline.segment(frame, floatMask, never);
      const disposed = pipeline.dispose();
      run.answer();
      await codeOf(waiting);
      await disposed;
      expect(isClosed(frame)).to.equal(true);
    });

    it('drops and closes a frame that comes too late', async () => {
      const { pipeline, log } = createBench(createView('none'));
      await pipeline.dispose();
      const frame = createFrame(green);
      pipeline.push(frame, 0);
      expect([log.kinds, isClosed(frame)]).to.deep.equal([['dropped'], true]);
      frame.close();
    });
  });
});
