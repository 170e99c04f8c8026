import type * as Ort from 'onnxruntime-web';
import { SegmenterError } from '../errors.ts';
import type { ClassSelection, Continuity, InferenceEngine, ModelSpec } from '../stage.ts';
import { ClassReducer } from '../util/class-reducer.ts';
import { CastPass } from './cast-pass.ts';
import type { InputPlan } from './input-plan.ts';
import type { ModelFile } from './model-loader.ts';
import { ModelMemory } from './model-memory.ts';
import { createConstants, explainRunError, openModel, type OpenModel } from './open-model.ts';
import type { OrtModule, OrtRuntime } from './ort-session.ts';
import { fillTensor } from './pixel-tensor.ts';
import { scaleOf } from './tensor-data.ts';
import { promptableError } from './decoder-plan.ts';
import { warmUp } from './warm-up.ts';

/** Between the buffers that the renderer has and those that the session has. */
interface Casts {
  readonly input: CastPass;
  readonly output: CastPass;
}

/**
 * Runs a model with ONNX Runtime's WebGPU provider on a device that it shares with the renderer. Input and output are
 * one fixed pair of buffers: a captured graph replays on those and silently ignores any other. What a recurrent model remembers never leaves
 * the GPU.
 */
export class GpuEngine implements InferenceEngine<GPUBuffer, GPUBuffer> {
  readonly backend = 'webgpu';
  readonly model: ModelSpec;
  /** float32, as ModelInput and ModelOutput say. Destroyed by `dispose`. */
  readonly tensors: { readonly input: GPUBuffer; readonly output: GPUBuffer };
  readonly #input: InputPlan;
  readonly #casts: Casts;
  readonly #session: Ort.InferenceSession;
  readonly #feeds: Record<string, Ort.Tensor>;
  readonly #fetches: Record<string, Ort.Tensor>;
  readonly #memory: ModelMemory;

  /**
   * Compiles the model and warms it up.
   * Rejects with `model-unsupported`, too, for a model that wasm could run: one that computes in 16-bit floats where the device has none.
   *
   * @param mustBeFast - Reject with `backend-unavailable` if the second run takes over 60 ms.
   */
  static async create(
    runtime: OrtRuntime,
    device: GPUDevice,
    file: ModelFile,
    mustBeFast: boolean,
  ): Promise<{ engine: GpuEngine; warmUpMs: number }> {
    if (file.decoder) throw promptableError(file.url);
    const opened = await openModel(runtime, file, 'webgpu', (input) => {
      assertFloat16(device, input);
      return {
        executionProviders: [
          { name: 'webgpu', device, preferredLayout: 'NHWC', validationMode: 'disabled' },
        ],
        preferredOutputLocation: 'gpu-buffer',
        // What else goes in does so from main memory or, of the frame before, in other buffers each time.
        enableGraphCapture: input.constants.length === 0 && input.states.length === 0,
      };
    });
    let engine: GpuEngine | undefined;
    try {
      engine = new GpuEngine(runtime.ort, opened, await createCasts(device, opened));
      const warmUpMs = await engine.#warmUp(device, file, mustBeFast);
      if (mustBeFast && warmUpMs > slowestUsefulRunMs) {
        throw new SegmenterError(
          'backend-unavailable',
          `This GPU took ${Math.round(warmUpMs)} ms for one run of ${engine.model.name}.`,
        );
      }
      return { engine, warmUpMs };
    } catch (error) {
      await (engine ? engine.dispose() : opened.session.release());
      throw error;
    }
  }

  private constructor(ort: OrtModule, { session, plan }: OpenModel, casts: Casts) {
    const { spec, input, output } = plan;
    this.model = spec;
    this.#input = input;
    this.#session = session;
    this.#casts = casts;
    this.tensors = { input: casts.input.floats, output: casts.output.floats };
    const wrap = (buffer: GPUBuffer, type: string, dims: readonly number[]): Ort.Tensor =>
      ort.Tensor.fromGpuBuffer(buffer, { dataType: type as 'float32', dims });
    const { picture, constants, states } = input;
    this.#memory = new ModelMemory(ort, states);
    this.#feeds = {
      ...createConstants(ort, constants),
      [picture.name]: wrap(casts.input.typed, picture.type, picture.dims),
    };
    this.#fetches = { [output.name]: wrap(casts.output.typed, output.type, output.dims) };
  }

  concurrencyFor(): number {
    return 1;
  }

  /** Runs on what `tensors.input` holds by then in queue order. Resolves at submit. */
  async run(
    _input?: GPUBuffer,
    _selection?: ClassSelection,
    continuity: Continuity = 'alone',
  ): Promise<GPUBuffer> {
    this.#casts.input.run();
    const results = await this.#session.run(
      { ...this.#feeds, ...this.#memory.feeds(continuity) },
      { ...this.#fetches, ...this.#memory.fetches(continuity) },
    );
    this.#memory.keep(results, continuity);
    this.#casts.output.run();
    return this.tensors.output;
  }

  async dispose(): Promise<void> {
    this.#memory.forget();
    await this.#session.release();
    this.#casts.input.destroy();
    this.#casts.output.destroy();
  }

  async #warmUp(device: GPUDevice, file: ModelFile, measure: boolean): Promise<number> {
    const { input, output } = this.tensors;
    const { width, height, channels } = this.model.output;
    const tensor = new Float32Array(3 * this.model.input.width * this.model.input.height);
    const reducer = new ClassReducer(this.model.output);
    const mask = new Float32Array(width * height);
    const staging = device.createBuffer({
      label: 'warm-up read-back',
      size: output.size,
      usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST,
    });
    const run = async (pixels: Uint8ClampedArray): Promise<Float32Array> => {
      fillTensor(pixels, this.model.input, tensor);
      device.queue.writeBuffer(input, 0, tensor);
      await this.#runFirst();
      const encoder = device.createCommandEncoder({ label: 'warm-up' });
      encoder.copyBufferToBuffer(output, 0, staging, 0, output.size);
      device.queue.submit([encoder.finish()]);
      await staging.mapAsync(GPUMapMode.READ);
      const answer = new Float32Array(staging.getMappedRange(), 0, width * height * channels);
      reducer.reduce(answer, null, mask, null);
      staging.unmap();
      return mask;
    };
    try {
      return await warmUp(this.model, file.manifest, run, measure);
    } finally {
      this.#memory.forget();
      staging.destroy();
    }
  }

  async #runFirst(): Promise<void> {
    try {
      await this.run(this.tensors.input, undefined, 'next');
    } catch (error) {
      throw explainRunError(this.#input, error);
    }
  }
}

/** From here on WebAssembly is as fast, and the page's own GPU work would suffer. */
const slowestUsefulRunMs = 60;

/** A session would be made, and fail at its first run. */
function assertFloat16(device: GPUDevice, { file, header }: InputPlan): void {
  if (!header.computesInFloat16 || device.features.has('shader-f16')) return;
  throw new SegmenterError(
    'model-unsupported',
    `${file.url} computes in 16-bit floats, which this GPU does not (it has no shader-f16). Use backend="auto" or "wasm", or a model in float32.`,
  );
}

async function createCasts(device: GPUDevice, { plan }: OpenModel): Promise<Casts> {
  const { input, output, spec } = plan;
  const countOf = (dims: readonly number[]): number =>
    dims.reduce((product, size) => product * size, 1);
  const scale = scaleOf(output.type, spec.output.kind);
  const after = await CastPass.create(device, 'out', output.type, countOf(output.dims), scale);
  const { type, dims } = input.picture;
  return { input: await CastPass.create(device, 'in', type, countOf(dims)), output: after };
}
