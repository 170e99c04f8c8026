import { expect } from '@open-wc/testing';
import * as ort from 'onnxruntime-web/wasm';

import { OrtRuntime } from '../../src/inference/ort-session.ts';

/** As much as iOS 16 and 17 let a page reserve, in pages of 64 KiB. */
const mostPages = 16_384;

describe('the memory of ONNX Runtime', () => {
  it('is as large as the browser lets it be', async () => {
    const { Memory } = WebAssembly;
    const refused: number[] = [];
    const reserved: number[] = [];
    WebAssembly.Memory = class extends Memory {
      constructor(descriptor: WebAssembly.MemoryDescriptor) {
        const { maximum = 0 } = descriptor;
        (maximum > mostPages ? refused : reserved).push(maximum);
        if (maximum > mostPages) throw new RangeError('Out of memory');
        super(descriptor);
      }
    };
    try {
      new OrtRuntime(ort).configure({ wasmUrl: '' }, { module: null }, 1);
      const session = await ort.InferenceSession.create('/test/assets/models/green.onnx');
      const [name = ''] = session.inputNames;
      const pixels = new ort.Tensor('float32', new Float32Array(3 * 64 * 64), [1, 64, 64, 3]);
      const answers = await session.run({ [name]: pixels });
      expect(Object.values(answers).map(({ size }) => size)).to.deep.equal([64 * 64]);
      expect([refused, reserved]).to.deep.equal([
        [65_536, 32_768],
        [0, mostPages],
      ]);
    } finally {
      WebAssembly.Memory = Memory;
    }
  });
});
