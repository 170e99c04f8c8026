import type { CommandBatch } from '../gpu/command-batch.ts';
import type { MaskShaping, ModelSpec } from '../stage.ts';
import { nameLevels } from '../util/level-constants.ts';
import averageCode from './average.wgsl';
import blendCode from './blend.wgsl';
import fitCode from './fit.wgsl';
import gatherCode from './gather.wgsl';
import type { GpuMatte } from './gpu-matte.ts';
import { leastShare } from './foreground-colors.ts';
import { fineFit, leastWeight, maskCurve, regularization } from './guided-filter.ts';
import keepCode from './keep.wgsl';
import observeCode from './observe.wgsl';
import { blockPx, changeCurve, cutChange, slowShare } from './temporal-filter.ts';
import { spreadWorkgroups } from '../gpu/spread-workgroups.ts';

const { shrinkFactor, fitRadius, meanRadius } = fineFit;

interface Pipelines {
  readonly observe: GPUComputePipeline;
  readonly blend: GPUComputePipeline;
  readonly gather: GPUComputePipeline;
  readonly fit: GPUComputePipeline;
  readonly average: GPUComputePipeline;
  readonly keep: GPUComputePipeline;
}

/** Which part of a frame the model saw, see createTracking: of the stream's last, and of the last one by itself. */
export interface Tracking {
  readonly stream: GPUBuffer;
  readonly still: GPUBuffer;
}

/** What is kept from frame to frame. */
interface Memory {
  /** What the model saw: of the frame before and of this one, in turns. */
  readonly seen: readonly [GPUBuffer, GPUBuffer];
  /** Their masks. */
  readonly smoothed: readonly [GPUBuffer, GPUBuffer];
  /** Which part of its frame the model saw, see createTracking. */
  readonly tracking: GPUBuffer;
  turn: 0 | 1;
  lastUs: number;
  readonly groups: Map<string, GPUBindGroup>;
  readonly blendGroups: readonly [
    WeakMap<GPUBuffer, GPUBindGroup>,
    WeakMap<GPUBuffer, GPUBindGroup>,
  ];
  readonly keepGroups: readonly [
    WeakMap<GPUBuffer, GPUBindGroup>,
    WeakMap<GPUBuffer, GPUBindGroup>,
  ];
}

/** Makes of a model's answer a frame's matte, on the GPU: smooths it over time and fits it to the colours. The twin of MatteMaker. */
export class MattePass {
  readonly #device: GPUDevice;
  readonly #model: ModelSpec;
  readonly #tensor: GPUBuffer;
  readonly #batch: CommandBatch;
  readonly #pipelines: Pipelines;
  readonly #buffers: Readonly<Record<'changes' | 'total' | 'pace' | 'cells' | 'fits', GPUBuffer>>;
  readonly #stream: Memory;
  /** Of pictures outside the stream, which leave what the stream remembers alone. */
  #still: Memory | undefined;
  readonly #stillTracking: GPUBuffer;
  readonly #averageGroups = new WeakMap<GPUBuffer, GPUBindGroup>();
  #fitGroup: GPUBindGroup | undefined;
  #pace = NaN;
  #isNext = false;

  /**
   * @param tensor - The model's input, still what the answer is about when {@link encode} runs.
   * @param tracking - Which parts of frames it shows: of those of the stream, and of pictures by themselves. The caller's.
   */
  static async create(
    device: GPUDevice,
    model: ModelSpec,
    tensor: GPUBuffer,
    tracking: Tracking,
    batch: CommandBatch,
  ): Promise<MattePass> {
    const { input, output } = model;
    const mask = { maskWidth: output.width, maskHeight: output.height };
    const grid = gridOf(model);
    const create = (label: string, code: string, constants: Record<string, number>) =>
      device.createComputePipelineAsync({
        label,
        layout: 'auto',
        compute: {
          module: device.createShaderModule({ label: `${label}.wgsl`, code }),
          constants,
        },
      });
    const gridSize = { gridWidth: grid.width, gridHeight: grid.height };
    const [observe, blend, gather, fit, average, keep] = await Promise.all([
      create('observe', observeCode, {
        ...mask,
        inputWidth: input.width,
        inputHeight: input.height,
        isPlanar: Number(input.layout === 'nchw'),
        isBgr: Number(input.order === 'bgr'),
        ...nameLevels(input.ranges),
        blockPx,
      }),
      create('blend', blendCode, {
        ...mask,
        blockPx,
        changeFrom: changeCurve[0],
        changeTo: changeCurve[1],
        cutChange,
      }),
      create('gather', gatherCode, {
        ...mask,
        shrinkFactor,
        maskFrom: maskCurve[0],
        maskTo: maskCurve[1],
      }),
      create('fit', fitCode, {
        ...gridSize,
        fitRadius,
        leastWeight,
        regularization,
        leastShare,
      }),
      create('average', averageCode, { ...gridSize, meanRadius }),
      create('keep', keepCode, {}),
    ]);
    const pipelines = { observe, blend, gather, fit, average, keep };
    return new MattePass(device, model, tensor, tracking, batch, pipelines);
  }

  private constructor(
    device: GPUDevice,
    model: ModelSpec,
    tensor: GPUBuffer,
    tracking: Tracking,
    batch: CommandBatch,
    pipelines: Pipelines,
  ) {
    this.#device = device;
    this.#model = model;
    this.#tensor = tensor;
    this.#batch = batch;
    this.#pipelines = pipelines;
    const { width, height } = model.output;
    const grid = gridOf(model);
    const cells = 16 * grid.width * grid.height;
    const { STORAGE, UNIFORM, COPY_DST } = GPUBufferUsage;
    this.#buffers = {
      changes: this.#create('changes', 4 * blocksAlong(width) * blocksAlong(height), STORAGE),
      total: this.#create('total change', 4, STORAGE | COPY_DST),
      pace: this.#create('pace', 16, UNIFORM | COPY_DST),
      cells: this.#create('cells', cells, STORAGE),
      fits: this.#create('fits', 3 * cells, STORAGE),
    };
    this.#stream = this.#createMemory(tracking.stream);
    this.#stillTracking = tracking.still;
  }

  /** How much the frame of the stream had changed at the last {@link encode}, as observe.wgsl sums it up; null: none came before. */
  get change(): GPUBuffer | null {
    return this.#isNext ? this.#buffers.total : null;
  }

  /** @param answer - The model's: `[height, width] float32`, 0..1. Not needed any more once this is submitted. */
  encode(answer: GPUBuffer, matte: GpuMatte, { refine, stream }: MaskShaping): void {
    const memory = stream
      ? this.#stream
      : (this.#still ??= this.#createMemory(this.#stillTracking));
    const elapsedMs = stream ? (stream.timestampUs - memory.lastUs) / 1000 : NaN;
    this.#isNext = elapsedMs >= 0;
    this.#setPace(slowShare(elapsedMs, stream?.lingerMs ?? 0));
    memory.lastUs = stream?.timestampUs ?? NaN;
    memory.turn = memory.turn === 0 ? 1 : 0;
    const { width, height } = this.#model.output;
    const grid = gridOf(this.#model);
    if (refine) matte.describe(grid.width, grid.height, true);
    else matte.describe(width, height, false);
    matte.place(memory.tracking);
    const { encoder } = this.#batch;
    encoder.clearBuffer(this.#buffers.total);
    const pass = encoder.beginComputePass({ label: 'matte' });
    const run = (name: keyof Pipelines, group: GPUBindGroup, x: number, y: number, z = 1): void => {
      pass.setPipeline(this.#pipelines[name]);
      pass.setBindGroup(0, group);
      pass.dispatchWorkgroups(x, y, z);
    };
    const pixels = spreadWorkgroups(this.#device, Math.ceil((width * height) / 64));
    const cells = [Math.ceil(grid.width / 8), Math.ceil(grid.height / 8)] as const;
    const blocks = [Math.ceil(blocksAlong(width) / 8), Math.ceil(blocksAlong(height) / 8)] as const;
    run('observe', this.#observeGroup(memory), ...blocks);
    run('blend', this.#blendGroup(memory, answer), ...pixels);
    if (refine) {
      run('gather', this.#gatherGroup(memory), ...cells);
      run('fit', (this.#fitGroup ??= this.#groupOf('fit', this.#fitBuffers)), ...cells);
      run('average', this.#averageGroup(matte), ...cells, 3);
    } else {
      run('keep', this.#keepGroup(memory, matte), ...pixels);
    }
    pass.end();
  }

  /** What comes next has nothing to do with what came before. */
  reset(): void {
    this.#stream.lastUs = NaN;
  }

  destroy(): void {
    for (const buffer of Object.values(this.#buffers)) buffer.destroy();
    for (const memory of [this.#stream, this.#still]) {
      if (!memory) continue;
      for (const buffer of [...memory.seen, ...memory.smoothed]) buffer.destroy();
    }
  }

  get #fitBuffers(): readonly GPUBuffer[] {
    return [this.#buffers.cells, this.#buffers.fits];
  }

  #setPace(slow: number): void {
    if (slow === this.#pace) return;
    this.#pace = slow;
    this.#batch.submit();
    this.#device.queue.writeBuffer(this.#buffers.pace, 0, new Float32Array([slow]));
  }

  #create(label: string, size: number, usage: GPUBufferUsageFlags): GPUBuffer {
    return this.#device.createBuffer({ label, size, usage });
  }

  #createMemory(tracking: GPUBuffer): Memory {
    const { width, height } = this.#model.output;
    const create = (label: string): GPUBuffer =>
      this.#create(label, 4 * width * height, GPUBufferUsage.STORAGE);
    return {
      seen: [create('seen'), create('seen')],
      smoothed: [create('smoothed mask'), create('smoothed mask')],
      tracking,
      turn: 0,
      lastUs: NaN,
      groups: new Map(),
      blendGroups: [new WeakMap(), new WeakMap()],
      keepGroups: [new WeakMap(), new WeakMap()],
    };
  }

  #observeGroup({ seen, tracking, turn, groups }: Memory): GPUBindGroup {
    const { changes, total } = this.#buffers;
    const last = seen[1 - turn] as GPUBuffer;
    const buffers = [this.#tensor, last, seen[turn], changes, total, tracking];
    return remember(groups, `observe ${turn}`, () => this.#groupOf('observe', buffers));
  }

  #gatherGroup({ seen, smoothed, turn, groups }: Memory): GPUBindGroup {
    const buffers = [smoothed[turn], seen[turn], this.#buffers.cells];
    return remember(groups, `gather ${turn}`, () => this.#groupOf('gather', buffers));
  }

  #blendGroup(memory: Memory, answer: GPUBuffer): GPUBindGroup {
    const { smoothed, tracking, turn, blendGroups } = memory;
    const { changes, total, pace } = this.#buffers;
    const before = smoothed[1 - turn] as GPUBuffer;
    const buffers = [answer, changes, total, pace, before, smoothed[turn], tracking];
    return remember(blendGroups[turn], answer, () => this.#groupOf('blend', buffers));
  }

  #averageGroup({ coefficients }: GpuMatte): GPUBindGroup {
    const buffers = [this.#buffers.fits, coefficients];
    return remember(this.#averageGroups, coefficients, () => this.#groupOf('average', buffers));
  }

  #keepGroup({ smoothed, turn, keepGroups }: Memory, { coefficients }: GpuMatte): GPUBindGroup {
    const buffers = [smoothed[turn], coefficients];
    return remember(keepGroups[turn], coefficients, () => this.#groupOf('keep', buffers));
  }

  #groupOf(name: keyof Pipelines, buffers: readonly GPUBuffer[]): GPUBindGroup {
    return this.#device.createBindGroup({
      label: name,
      layout: this.#pipelines[name].getBindGroupLayout(0),
      entries: buffers.map((buffer, binding) => ({ binding, resource: { buffer } })),
    });
  }
}

/** Most coefficients that a matte of this model has. */
export function countCoefficients(model: ModelSpec): number {
  const { width, height } = model.output;
  const grid = gridOf(model);
  return Math.max(width * height, 3 * grid.width * grid.height);
}

function gridOf({ output }: ModelSpec): { readonly width: number; readonly height: number } {
  return {
    width: Math.ceil(output.width / shrinkFactor),
    height: Math.ceil(output.height / shrinkFactor),
  };
}

function blocksAlong(size: number): number {
  return Math.ceil(size / blockPx);
}

function remember<K, V>(
  known: { get(key: K): V | undefined; set(key: K, value: V): unknown },
  key: K,
  create: () => V,
): V {
  const found = known.get(key);
  if (found !== undefined) return found;
  const value = create();
  known.set(key, value);
  return value;
}
