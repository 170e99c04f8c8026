import { expect, waitUntil } from '@open-wc/testing';
import { FramePump } from '../../src/element/frame-pump.ts';
import { CanvasSource } from '../../src/source/canvas-source.ts';
import { Segmenter, type LiveListener } from '../../src/segmenter.ts';
import {
  createElement,
  createFigure,
  decode,
  greenModel,
  nextEvent,
  pixelAt,
  readPixels,
  removeElements,
  stateOf,
} from '../helpers/element.ts';
import { createTestDevice } from '../helpers/gpu.ts';
import { contextOf } from '../helpers/pictures.ts';

/** Longer than the GPU's textures, as low as can be. */
async function createPanorama(): Promise<ImageBitmap> {
  const device = await createTestDevice();
  const limitPx = device.limits.maxTextureDimension2D;
  device.destroy();
  return createFigure(limitPx + 4, 32);
}

/** A view on WebAssembly whose frames a GPU draws, as far as it has room, with what it told. */
async function createView(heard: Partial<LiveListener> = {}): Promise<{
  segmenter: Segmenter;
  changes: string[];
  show(picture: ImageBitmap): Promise<void>;
}> {
  const changes: string[] = [];
  let settle: { resolve: () => void; reject: (error: Error) => void };
  const listener: LiveListener = {
    onFrame: (outcome) =>
      outcome.kind === 'shown' ? settle.resolve() : settle.reject(new Error(outcome.kind)),
    onBackendChange: (_from, _to, { message }) => {
      changes.push(message);
      settle.resolve();
    },
    onFailure: (error) => settle.reject(error),
    onOptionRefused: (error) => settle.reject(error),
    onRecovered: () => {},
    onMask: (mask) => mask.close(),
    ...heard,
  };
  const segmenter = await Segmenter.createLive(
    { backend: 'wasm', renderer: 'webgl2', model: greenModel },
    listener,
  );
  const show = async (picture: ImageBitmap): Promise<void> => {
    const frame = await createImageBitmap(picture);
    await new Promise<void>((resolve, reject) => {
      settle = { resolve, reject };
      segmenter.pushFrame(frame, 0);
    });
  };
  return { segmenter, changes, show };
}

describe('pictures larger than the GPU has room for', () => {
  afterEach(removeElements);

  it('are drawn in main memory at their size, and those that fit by the GPU again', async () => {
    const panorama = await createPanorama();
    const { segmenter, changes, show } = await createView();
    try {
      await show(panorama);
      expect(changes).to.have.length(1);
      expect(changes[0]).to.contain(`${panorama.width} pixels`);
      expect(segmenter.renderer).to.equal('2d');
      await show(panorama);
      expect(changes).to.have.length(1);
      const image = await decode(await segmenter.snapshot('image/png', 1));
      expect([image.width, image.height]).to.deep.equal([panorama.width, 32]);
      expect(pixelAt(image, 0.5, 0.5)).to.deep.equal([0, 240, 0, 255]);
      expect(pixelAt(image, 0.1, 0.5)[3]).to.equal(0);
      await show(await createFigure());
      expect(changes).to.have.length(2);
      expect(segmenter.renderer).to.equal('webgl2');
      await show(await createFigure());
      expect(changes).to.have.length(2);
    } finally {
      segmenter.dispose();
    }
  });

  it('are drawn for an element, which goes on while they change its backend', async () => {
    const canvas = document.createElement('canvas');
    const { width } = await createPanorama();
    Object.assign(canvas, { width, height: 32 });
    const context = contextOf(canvas);
    context.fillStyle = 'rgb(0 240 0)';
    context.fillRect(0, 0, width, 32);
    const errors: Error[] = [];
    const pump = new FramePump({
      onError: (error) => errors.push(error),
      onSilence: (error) => errors.push(error),
      onSkip: () => {},
      onCapture: () => {},
    });
    const source = new CanvasSource(canvas, {
      onPicture: () => pump.offer(),
      onChange: () => {},
      onError: (error) => errors.push(error),
    });
    const outcomes: string[] = [];
    const { segmenter } = await createView({
      onFrame: ({ kind }) => {
        outcomes.push(kind);
        pump.settle();
      },
      onBackendChange: () => {
        pump.reset();
        pump.refresh();
      },
      onFailure: (error) => errors.push(error),
    });
    try {
      pump.connect(source, segmenter);
      source.play();
      await waitUntil(() => outcomes.includes('shown') || errors.length > 0, '', {
        timeout: 20_000,
      });
      expect(segmenter.renderer).to.equal('2d');
      expect(errors).to.deep.equal([]);
    } finally {
      source.close();
      segmenter.dispose();
    }
  });

  it('fail where WebGPU is named, and say its limit', async () => {
    const panorama = await createPanorama();
    const element = createElement({ backend: 'webgpu', model: greenModel, srcObject: panorama });
    const { error } = await nextEvent(element, 'void-error');
    expect([error.code, error.fatal]).to.deep.equal(['out-of-memory', true]);
    expect(error.message).to.contain(`${panorama.width - 4} pixels`);
    element.srcObject = await createFigure();
    await stateOf(element, 'running');
    expect(pixelAt(await readPixels(element), 0.5, 0.5)[3]).to.equal(255);
  });

  for (const on of [{ backend: 'webgpu' }, { backend: 'wasm', renderer: 'webgl2' }] as const) {
    it(`have masks of their own size on ${on.backend}`, async () => {
      const panorama = await createPanorama();
      const segmenter = await Segmenter.create({ ...on, model: greenModel });
      try {
        const { width, height, data } = await segmenter.segment(panorama);
        expect([width, height]).to.deep.equal([panorama.width, panorama.height]);
        const middle = 16 * width;
        expect(data?.[middle + Math.floor(width / 2)]).to.equal(255);
        expect(data?.[middle + Math.floor(width / 8)]).to.equal(0);
      } finally {
        segmenter.dispose();
      }
    });
  }

  it('fail where no canvas is as large', async () => {
    // Chromium has canvases of up to 65535 pixels a side.
    const line = await createImageBitmap(new ImageData(70_000, 1));
    const element = createElement({ backend: 'wasm', model: greenModel, srcObject: line });
    const { error } = await nextEvent(element, 'void-error');
    expect(error.code).to.equal('out-of-memory');
    expect(error.message).to.contain('70000x1');
  });

  it('are refused by WebP, which would cut them off', async () => {
    const element = createElement({ backend: 'wasm', model: greenModel });
    element.srcObject = await createFigure(16_400, 16);
    await stateOf(element, 'running');
    const refusal = await element.toBlob('image/webp').catch((error: unknown) => error);
    expect(refusal).to.have.property('code', 'option-invalid');
    const image = await decode(await element.toBlob('image/jpeg'));
    expect(image.width).to.equal(16_400);
  });
});
