/** LiteRT.js in place of ONNX Runtime: the same network, the same device, the same passes around it. */
import {
  loadAndCompile,
  loadLiteRt,
  setWebGpuDevice,
  Tensor,
  type CompiledModel,
} from '@litertjs/core';
import type { InferenceEngine, ModelSpec } from '../../src/stage.ts';

export interface LiteRtOptions {
  /** URL of the folder of its wasm files. */
  readonly wasmBase: string;
  readonly modelUrl: string;
}

/** Runs a `.tflite` model on buffers of a device that it shares with the renderer. */
export class LiteRtEngine implements InferenceEngine<GPUBuffer, GPUBuffer> {
  readonly backend = 'webgpu';
  readonly model: ModelSpec;
  /** For the renderer; the output is another buffer at each run. */
  readonly tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer };
  readonly #compiled: CompiledModel;
  readonly #input: Tensor;
  #answer: Tensor | undefined;

  static async create(device: GPUDevice, options: LiteRtOptions): Promise<LiteRtEngine> {
    await loadLiteRt(options.wasmBase, { jspi: true });
    setWebGpuDevice(device);
    const compiled = await loadAndCompile(options.modelUrl, { accelerator: 'webgpu' });
    if (!compiled.isFullyAccelerated) throw new Error('LiteRT.js runs parts of it on the CPU.');
    const engine = new LiteRtEngine(device, compiled);
    await engine.run();
    return engine;
  }

  private constructor(device: GPUDevice, compiled: CompiledModel) {
    const [input] = compiled.getInputDetails();
    const [output] = compiled.getOutputDetails();
    if (!input || !output) throw new Error('This model has no input or no output.');
    const inputShape = [...input.shape];
    const [, height = 0, width = 0] = inputShape;
    this.model = {
      name: 'litert',
      input: {
        name: input.name,
        layout: 'nhwc',
        width,
        height,
        ranges: [
          [0, 1],
          [0, 1],
          [0, 1],
        ],
        order: 'rgb',
      },
      output: {
        name: output.name,
        layout: 'nhwc',
        channels: 1,
        kind: 'probability',
        width,
        height,
        classes: ['background', 'person'],
      },
    };
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    this.tensors = {
      input: device.createBuffer({ label: 'model input', usage, size: 12 * width * height }),
      output: device.createBuffer({ label: 'unused', usage, size: 4 }),
    };
    this.#compiled = compiled;
    this.#input = new Tensor(this.tensors.input, inputShape, 'float32');
  }

  concurrencyFor(): number {
    return 1;
  }

  async run(): Promise<GPUBuffer> {
    const [answer] = await this.#compiled.run(this.#input);
    if (!answer) throw new Error('LiteRT.js gave no answer.');
    this.#answer?.delete();
    this.#answer = answer;
    return answer.toGpuBuffer();
  }

  async dispose(): Promise<void> {
    this.#answer?.delete();
    this.#compiled.delete();
    this.tensors.input.destroy();
    this.tensors.output.destroy();
    return Promise.resolve();
  }
}
