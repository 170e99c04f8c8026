import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { InferenceEngine, ModelInput, ModelOutput, ModelSpec } from '../stage.ts';
import { ClassReducer } from '../util/class-reducer.ts';
import type { ModelFile } from './model-loader.ts';
import { describeModel } from './model-spec.ts';
import { createOrtSession, type OrtModule, type OrtRuntime } from './ort-session.ts';
import { fillTensor } from './pixel-tensor.ts';
import { warmUp } from './warm-up.ts';

/**
 * Runs a model with ONNX Runtime's WebGPU provider on a device that it shares with the renderer. Input and output are
 * one fixed pair of buffers: a captured graph replays on those and silently ignores any other.
 */
export class GpuEngine implements InferenceEngine<GPUBuffer, GPUBuffer> {
  readonly backend = 'webgpu';
  readonly model: ModelSpec;
  /** float32, as {@link ModelInput} and {@link ModelOutput} say. Destroyed by `dispose`. */
  readonly tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer };
  readonly #session: Ort.InferenceSession;
  readonly #feeds: Record<string, Ort.Tensor>;
  readonly #fetches: Record<string, Ort.Tensor>;

  /**
   * Compiles the model and warms it up.
   *
   * @param mustBeFast - Reject with `backend-unavailable` if the second run takes over 60 ms.
   */
  static async create(
    runtime: OrtRuntime,
    device: GPUDevice,
    file: ModelFile,
    mustBeFast: boolean,
  ): Promise<{ engine: GpuEngine; warmUpMs: number }> {
    const session = await createOrtSession(runtime, file.bytes, file.url, {
      executionProviders: [
        { name: 'webgpu', device, preferredLayout: 'NHWC', validationMode: 'disabled' },
      ],
      preferredOutputLocation: 'gpu-buffer',
      enableGraphCapture: true,
    });
    let engine: GpuEngine | undefined;
    try {
      engine = new GpuEngine(runtime.ort, device, session, describeModel(file, session));
      const warmUpMs = await engine.#warmUp(device, file, mustBeFast);
      if (mustBeFast && warmUpMs > slowestUsefulRunMs) {
        throw new SegmenterError(
          'backend-unavailable',
          `This GPU took ${Math.round(warmUpMs)} ms for one run of ${engine.model.name}.`,
        );
      }
      return { engine, warmUpMs };
    } catch (error) {
      await (engine ? engine.dispose() : session.release());
      throw error;
    }
  }

  private constructor(
    ort: OrtModule,
    device: GPUDevice,
    session: Ort.InferenceSession,
    model: ModelSpec,
  ) {
    this.model = model;
    this.#session = session;
    const { input, output } = model;
    const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
    const createBuffer = (label: string, dims: number[]): GPUBuffer =>
      device.createBuffer({ label, usage, size: 4 * dims.reduce((a, b) => a * b, 1) });
    const inputDims = tensorDims(input, 3);
    const outputDims = tensorDims(output, output.channels);
    this.tensors = {
      input: createBuffer('model input', inputDims),
      output: createBuffer('model output', outputDims),
    };
    const wrap = (buffer: GPUBuffer, dims: number[]): Ort.Tensor =>
      ort.Tensor.fromGpuBuffer(buffer, { dataType: 'float32', dims });
    this.#feeds = { [input.name]: wrap(this.tensors.input, inputDims) };
    this.#fetches = { [output.name]: wrap(this.tensors.output, outputDims) };
  }

  concurrencyFor(): number {
    return 1;
  }

  /** Runs on what `tensors.input` holds by then in queue order. Resolves at submit. */
  async run(): Promise<GPUBuffer> {
    await this.#session.run(this.#feeds, this.#fetches);
    return this.tensors.output;
  }

  async dispose(): Promise<void> {
    await this.#session.release();
    this.tensors.input.destroy();
    this.tensors.output.destroy();
  }

  async #warmUp(device: GPUDevice, file: ModelFile, measure: boolean): Promise<number> {
    const { input, output } = this.tensors;
    const tensor = new Float32Array(input.size / 4);
    const reducer = new ClassReducer(this.model.output);
    const mask = new Float32Array(this.model.output.width * this.model.output.height);
    const staging = device.createBuffer({
      label: 'warm-up read-back',
      size: output.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const run = async (pixels: Uint8ClampedArray): Promise<Float32Array> => {
      fillTensor(pixels, this.model.input, tensor);
      device.queue.writeBuffer(input, 0, tensor);
      await this.run();
      const encoder = device.createCommandEncoder({ label: 'warm-up' });
      encoder.copyBufferToBuffer(output, 0, staging, 0, output.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      reducer.reduce(new Float32Array(staging.getMappedRange()), null, mask, null);
      staging.unmap();
      return mask;
    };
    try {
      return await warmUp(this.model, file.manifest, run, measure);
    } finally {
      staging.destroy();
    }
  }
}

/** From here on WebAssembly is as fast, and the page's own GPU work would suffer. */
const slowestUsefulRunMs = 60;

function tensorDims(shape: ModelInput | ModelOutput, channels: number): number[] {
  const { layout, width, height } = shape;
  return layout === 'nhwc' ? [1, height, width, channels] : [1, channels, height, width];
}
