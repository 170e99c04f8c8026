import { expect } from '@open-wc/testing';

import { createTracking } from '../../src/framing/gpu-follower.ts';
import { PreprocessPass } from '../../src/preprocess/preprocess-pass.ts';
import type { ModelInput } from '../../src/stage.ts';
import { paint, paintFlat, type Pixels } from '../helpers/frames.ts';
import { createTestDevice, readBuffer, validated } from '../helpers/gpu.ts';
import { createModel } from '../helpers/models.ts';
import { largestDifference, tensorReference } from '../helpers/reference-resample.ts';

/**
 * Float32 against double precision. Positions up to 200 are known to 200 / 2^24 = 1.2e-5 of a pixel, which is the
 * error of a weight where two neighbours differ by all there is and a footprint is one pixel wide; sums of up to a
 * hundred terms add as much once more.
 */
const tolerance = 3e-5;

const noise = paintNoise(128, 96);

/** Opaque, and the same each time. */
function paintNoise(width: number, height: number): Pixels {
  let state = 1;
  const next = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state >>> 24;
  };
  return paint(width, height, () => [next(), next(), next(), 255]);
}

function paintCheckerboard(width: number, height: number): Pixels {
  return paint(width, height, (x, y) => ((x + y) % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
}

describe('PreprocessPass', () => {
  let device: GPUDevice;

  before(async () => {
    device = await createTestDevice();
  });

  after(() => device.destroy());

  function createTensor({ width, height }: ModelInput): GPUBuffer {
    return device.createBuffer({
      label: 'test tensor',
      size: 12 * width * height,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  /** Holds the pixels as they are, which are to be premultiplied. */
  function createTexture({ width, height, data }: Pixels): GPUTexture {
    const texture = device.createTexture({
      size: [width, height],
      format: 'rgba8unorm',
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    device.queue.writeTexture({ texture }, data, { bytesPerRow: 4 * width }, [width, height]);
    return texture;
  }

  function sample(pixels: Pixels, input: ModelInput): Promise<Float32Array> {
    return validated(device, async () => {
      const tensor = createTensor(input);
      const pass = await PreprocessPass.create(device, input, tensor);
      const texture = createTexture(pixels);
      const encoder = device.createCommandEncoder();
      pass.encode(encoder, texture, createTracking(device, 'whole'));
      device.queue.submit([encoder.finish()]);
      const values = new Float32Array(await readBuffer(device, tensor));
      for (const resource of [texture, tensor]) resource.destroy();
      return values;
    });
  }

  async function differenceOf(pixels: Pixels, input: ModelInput): Promise<number> {
    return largestDifference(await sample(pixels, input), tensorReference(pixels, input));
  }

  function createInput(input: Partial<ModelInput> = {}): ModelInput {
    return createModel({}, { width: 32, height: 24, ...input }).input;
  }

  for (const layout of ['nhwc', 'nchw'] as const) {
    for (const order of ['rgb', 'bgr'] as const) {
      for (const range of [
        [0, 1],
        [-1, 1],
        [0, 255],
      ] as const) {
        it(`gives ${layout}, ${order}, ${range.join('..')}`, async () => {
          const input = createInput({ layout, order, ranges: [range, range, range] });
          const difference = await differenceOf(noise, input);
          expect(difference / (range[1] - range[0])).to.be.below(tolerance);
        });
      }
    }
  }

  for (const order of ['rgb', 'bgr'] as const) {
    it(`gives each colour its own range in the order ${order}`, async () => {
      const ranges = [
        [0, 1],
        [-2, 2],
        [1, 0.5],
      ] as const;
      expect(await differenceOf(noise, createInput({ order, ranges }))).to.be.below(4 * tolerance);
    });
  }

  it('has the channels where they belong', async () => {
    const input = createInput({ width: 1, height: 1, order: 'bgr', layout: 'nchw' });
    const tensor = await sample(paintFlat(4, 4, [255, 51, 0, 255]), input);
    expect(largestDifference(tensor, [0, 0.2, 1])).to.be.below(tolerance);
  });

  describe('averages', () => {
    for (const [width, height, why] of [
      [32, 24, 'by 4'],
      [64, 48, 'by 2'],
      [128, 96, 'by 1, which changes nothing'],
      [128, 48, 'down alone'],
      [64, 96, 'across alone'],
      [80, 60, 'by 1.6'],
      [100, 37, 'by 1.28 and 2.59'],
      [127, 95, 'by a little'],
      [7, 5, 'by 18.3 and 19.2'],
      [1, 1, 'to one pixel'],
      [9, 17, 'to a size that fills no workgroup'],
    ] as const) {
      it(why, async () => {
        expect(await differenceOf(noise, createInput({ width, height }))).to.be.below(tolerance);
      });
    }

    for (const [title, width, height] of [
      ['2', 16, 12],
      ['4', 8, 6],
    ] as const) {
      it(`a checkerboard of single pixels to flat grey by ${title}`, async () => {
        const tensor = await sample(paintCheckerboard(32, 24), createInput({ width, height }));
        const grey = Array.from(tensor, () => 0.5);
        expect(largestDifference(tensor, grey)).to.be.below(tolerance);
      });
    }

    it('an axis that shrinks while the other grows', async () => {
      const stripes = paint(96, 6, (x) => (x % 2 ? [255, 255, 255, 255] : [0, 0, 0, 255]));
      expect(await differenceOf(stripes, createInput({ width: 32, height: 12 }))).to.be.below(
        tolerance,
      );
    });

    it('transparent pixels as black', async () => {
      const half = paint(8, 8, (x) => (x % 2 ? [255, 255, 255, 255] : [0, 0, 0, 0]));
      const tensor = await sample(half, createInput({ width: 2, height: 2 }));
      expect(
        largestDifference(
          tensor,
          Array.from(tensor, () => 0.5),
        ),
      ).to.be.below(tolerance);
    });
  });

  describe('interpolates', () => {
    const small = paintNoise(20, 15);

    for (const [width, height, why] of [
      [40, 30, 'by 2'],
      [80, 60, 'by 4'],
      [32, 24, 'by 1.6'],
      [21, 16, 'by a little'],
      [20, 30, 'down alone'],
      [40, 15, 'across alone'],
    ] as const) {
      it(why, async () => {
        expect(await differenceOf(small, createInput({ width, height }))).to.be.below(tolerance);
      });
    }

    it('two pixels to four, by hand', async () => {
      const pair = paint(2, 1, (x) => [255 * x, 0, 0, 255]);
      const tensor = await sample(pair, createInput({ width: 4, height: 1, layout: 'nchw' }));
      expect(largestDifference(tensor.slice(0, 4), [0, 0.25, 0.75, 1])).to.be.below(tolerance);
    });

    it('one pixel to all', async () => {
      const tensor = await sample(paintFlat(1, 1, [51, 51, 51, 255]), createInput());
      expect(
        largestDifference(
          tensor,
          Array.from(tensor, () => 0.2),
        ),
      ).to.be.below(tolerance);
    });
  });

  it('writes the whole tensor and nothing beside it', async () => {
    const input = createInput({ width: 9, height: 5 });
    const size = 12 * 9 * 5 + 64;
    const values = await validated(device, async () => {
      const tensor = device.createBuffer({
        size,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      });
      device.queue.writeBuffer(tensor, 0, new Float32Array(size / 4).fill(-7));
      const pass = await PreprocessPass.create(device, input, tensor);
      const texture = createTexture(noise);
      const encoder = device.createCommandEncoder();
      pass.encode(encoder, texture, createTracking(device, 'whole'));
      device.queue.submit([encoder.finish()]);
      return new Float32Array(await readBuffer(device, tensor));
    });
    const untouched = [...values.keys()].filter((i) => values[i] === -7);
    expect(untouched).to.deep.equal(Array.from({ length: 16 }, (_, i) => 135 + i));
  });
});
