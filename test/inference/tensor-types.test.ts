/** Models whose pictures and answers are of other types than float32, on WebAssembly and, in software, on WebGPU. */
import { expect } from '@open-wc/testing';

import { CpuEngine } from '../../src/inference/cpu-engine.ts';
import { GpuEngine } from '../../src/inference/gpu-engine.ts';
import type { ModelFile } from '../../src/inference/model-loader.ts';
import { OrtRuntime } from '../../src/inference/ort-session.ts';
import { fillTensor } from '../../src/inference/pixel-tensor.ts';
import type { ModelOptions } from '../../src/model-options.ts';
import { ClassReducer } from '../../src/util/class-reducer.ts';
import { createPlainDevice, createTestDevice, readBuffer } from '../helpers/gpu.ts';
import { ort } from '../helpers/ort.ts';
import { messageOf, rejectionOf } from '../helpers/promises.ts';
import { createRedModel, expectedRed, type RedModel } from '../helpers/red-model.ts';

const runtime = new OrtRuntime(ort);
runtime.configure({ wasmUrl: '' }, { module: null }, 1);

const sidePx = 16;
const picture = { name: 'picture', dims: [1, 3, sidePx, sidePx] } as const;
const mask = { name: 'mask', dims: [1, 1, sidePx, sidePx] } as const;
const map = { name: 'map', dims: [1, sidePx, sidePx] } as const;
const unit: ModelOptions = { input: { range: [0, 1] } };

/** Every level of red, once. */
const pixels = Uint8ClampedArray.from({ length: 4 * sidePx * sidePx }, (_, i) =>
  i % 4 === 0 ? i / 4 : (i * 37) % 256,
);
const reds = Float32Array.from({ length: sidePx * sidePx }, (_, i) => expectedRed(i / 255));
const isRed = reds.map((red) => Number(red > 0.5));

interface Case {
  readonly title: string;
  readonly model: RedModel;
  readonly options: ModelOptions;
  readonly expected: Float32Array;
  /** Of the types: a float16 has 11 bits, which the steep logit makes worth 1/100; a byte is 1/255. */
  readonly tolerance: number;
}

const cases: readonly Case[] = [
  {
    title: 'bytes in',
    model: {
      input: { ...picture, type: 'uint8' },
      output: mask,
      std: 1 / 255,
      end: 'Sigmoid',
    },
    options: {},
    expected: reds,
    tolerance: 1e-4,
  },
  {
    title: 'bytes out, levels of a probability',
    model: { input: picture, output: { ...mask, type: 'uint8' }, end: 'Sigmoid' },
    options: { ...unit, output: { kind: 'probability' } },
    expected: reds,
    tolerance: 1 / 255,
  },
  {
    title: 'indices of classes as int64',
    model: { input: picture, output: { ...map, type: 'int64' }, channels: 2, end: 'ArgMax' },
    options: { ...unit, output: { classes: ['no', 'yes'] } },
    expected: isRed,
    tolerance: 1e-6,
  },
  {
    title: 'indices of classes as bytes',
    model: { input: picture, output: { ...map, type: 'uint8' }, channels: 2, end: 'ArgMax' },
    options: { ...unit, output: { classes: ['no', 'yes'] } },
    expected: isRed,
    tolerance: 1e-6,
  },
];

const halves: Case = {
  title: 'float16 in and out',
  model: {
    input: { ...picture, type: 'float16' },
    output: { ...mask, type: 'float16' },
    end: 'Sigmoid',
  },
  options: unit,
  expected: reds,
  tolerance: 0.01,
};

function createFile({ model, options }: Case): ModelFile {
  const bytes = createRedModel(model);
  return {
    manifest: null,
    options,
    bytes,
    url: 'https://models.example/red.onnx',
    externalData: [],
  };
}

function expectClose(found: Float32Array, { expected, tolerance }: Case): void {
  expect(found.length).to.equal(expected.length);
  for (const [i, value] of found.entries()) {
    expect(Math.abs(value - (expected[i] ?? NaN)), `level ${i}: ${value}`).to.be.at.most(tolerance);
  }
}

describe('types of tensors', () => {
  describe('on WebAssembly', () => {
    for (const current of [...cases, halves]) {
      it(`takes ${current.title}`, async () => {
        const { engine } = await CpuEngine.create(runtime, 'wasm', createFile(current));
        expectClose((await engine.run(pixels)).mask, current);
        await engine.dispose();
      });
    }
  });

  describe('on WebGPU', () => {
    let device: GPUDevice;
    before(async () => (device = await createTestDevice()));
    after(() => device.destroy());

    for (const current of cases) {
      it(`takes ${current.title}`, async () => {
        device.pushErrorScope('validation');
        const { engine } = await GpuEngine.create(runtime, device, createFile(current), false);
        const tensor = new Float32Array(3 * sidePx * sidePx);
        fillTensor(pixels, engine.model.input, tensor);
        device.queue.writeBuffer(engine.tensors.input, 0, tensor);
        const answer = new Float32Array(await readBuffer(device, await engine.run()));
        const found = new Float32Array(sidePx * sidePx);
        new ClassReducer(engine.model.output).reduce(answer, null, found, null);
        expectClose(found, current);
        await engine.dispose();
        expect(await device.popErrorScope()).to.equal(null);
      });
    }

    it('refuses to compute in float16 without shader-f16, before anything runs', async () => {
      const plain = await createPlainDevice();
      const call = GpuEngine.create(runtime, plain, createFile(halves), false);
      expect(await rejectionOf(call)).to.include({ code: 'model-unsupported' });
      expect(await messageOf(call)).to.include('shader-f16');
      plain.destroy();
    });
  });
});
