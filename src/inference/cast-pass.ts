import { SegmenterError } from '../errors.ts';
import type { ElementType } from './onnx-header.ts';
import code from './cast.wgsl';
import { spreadWorkgroups } from '../gpu/spread-workgroups.ts';

const workgroupSize = 64;

/** Entry points of cast.wgsl, by the type that is not float32. */
const directions = {
  in: { float16: 'toFloat16', uint8: 'toUint8' },
  out: {
    float16: 'fromFloat16',
    uint8: 'fromUint8',
    bool: 'fromUint8',
    int32: 'fromInt32',
    uint32: 'fromInt32',
    int64: 'fromInt64',
  },
} as const satisfies Record<string, Partial<Record<ElementType, string>>>;

const bytesOf: Partial<Record<ElementType, number>> = {
  float32: 4,
  float16: 2,
  uint8: 1,
  bool: 1,
  int32: 4,
  uint32: 4,
  int64: 8,
};

/**
 * A buffer of floats for our passes, and one of the type that a model has them in. They are the same where that is float32, and nothing
 * is to be done then.
 */
export class CastPass {
  /** `count` float32. */
  readonly floats: GPUBuffer;
  /** `count` numbers of the model's type. */
  readonly typed: GPUBuffer;
  readonly #device: GPUDevice;
  readonly #pipeline: GPUComputePipeline | null;
  readonly #group: GPUBindGroup | null;
  readonly #words: number;

  /**
   * @param direction - `in`: floats become the model's; `out`: the model's become floats.
   * @param scale - Factor by which bytes come out.
   * @throws SegmenterError `model-unsupported` for a type that WebGPU cannot take or give.
   */
  static async create(
    device: GPUDevice,
    direction: 'in' | 'out',
    type: ElementType,
    count: number,
    scale = 1,
  ): Promise<CastPass> {
    if (type === 'float32') return new CastPass(device, direction, type, count, null);
    const entryPoint = (directions[direction] as Partial<Record<ElementType, string>>)[type];
    if (!entryPoint) {
      throw new SegmenterError(
        'model-unsupported',
        `On WebGPU a model cannot have its ${direction === 'in' ? 'picture' : 'mask'} as ${type}. Use backend="wasm", or export it as float32.`,
      );
    }
    const pipeline = await device.createComputePipelineAsync({
      label: entryPoint,
      layout: 'auto',
      compute: {
        module: device.createShaderModule({ label: 'cast.wgsl', code }),
        entryPoint,
        constants: entryPoint === 'fromUint8' ? { count, scale } : { count },
      },
    });
    return new CastPass(device, direction, type, count, pipeline);
  }

  private constructor(
    device: GPUDevice,
    direction: 'in' | 'out',
    type: ElementType,
    count: number,
    pipeline: GPUComputePipeline | null,
  ) {
    const create = (label: string, bytes: number): GPUBuffer =>
      device.createBuffer({
        label: `model ${direction}put ${label}`,
        // As ONNX Runtime rounds its own.
        size: Math.ceil(bytes / 16) * 16,
        usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
      });
    this.#device = device;
    this.#pipeline = pipeline;
    const typedBytes = count * (bytesOf[type] ?? 4);
    this.floats = create('floats', 4 * count);
    this.typed = pipeline ? create(type, typedBytes) : this.floats;
    this.#words = direction === 'in' ? Math.ceil(typedBytes / 4) : count;
    const [source, target] =
      direction === 'in' ? [this.floats, this.typed] : [this.typed, this.floats];
    this.#group =
      pipeline &&
      device.createBindGroup({
        label: 'cast',
        layout: pipeline.getBindGroupLayout(0),
        entries: [source, target].map((buffer, binding) => ({ binding, resource: { buffer } })),
      });
  }

  /** Fills the one buffer from the other, in queue order. */
  run(): void {
    if (!this.#pipeline || !this.#group) return;
    const encoder = this.#device.createCommandEncoder({ label: 'cast' });
    const pass = encoder.beginComputePass({ label: 'cast' });
    pass.setPipeline(this.#pipeline);
    pass.setBindGroup(0, this.#group);
    const groups = Math.ceil(this.#words / workgroupSize);
    pass.dispatchWorkgroups(...spreadWorkgroups(this.#device, groups));
    pass.end();
    this.#device.queue.submit([encoder.finish()]);
  }

  destroy(): void {
    this.floats.destroy();
    this.typed.destroy();
  }
}
