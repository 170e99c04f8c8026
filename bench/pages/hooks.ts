/**
 * Put in front of the page's and each worker's script while copies are counted: counts what is read back from a GPU or a
 * canvas and what is created on a GPU, and takes the times of all GPU passes.
 */

/** Calls since the last reset, by name. */
export type CallCounts = Record<string, number>;

/** Time on the GPU since the last reset, by the label of the pass, or else of its encoder, in milliseconds. Empty: not measured. */
export type PassTimes = Record<string, { readonly passes: number; readonly ms: number }>;

export interface HookReport {
  readonly counts: CallCounts;
  readonly passes: PassTimes;
}

type AnyFunction = (this: unknown, ...values: unknown[]) => unknown;

/** A query set holds this many timestamps. */
const capacity = 4096;

let counts: CallCounts = {};

function wrap(owner: string, name: string, create: (original: AnyFunction) => AnyFunction): void {
  const constructor = (globalThis as unknown as Record<string, { prototype: object } | undefined>)[
    owner
  ];
  if (!constructor) return;
  const prototype = constructor.prototype as Record<string, AnyFunction>;
  const original = prototype[name];
  if (original) prototype[name] = create(original);
}

function count(owner: string, ...names: string[]): void {
  for (const name of names) {
    wrap(owner, name, (original) => {
      return function (this: unknown, ...values) {
        counts[name] = (counts[name] ?? 0) + 1;
        return original.apply(this, values);
      };
    });
  }
}

count('GPUBuffer', 'mapAsync');
count('GPUDevice', 'createBuffer', 'createTexture', 'createBindGroup', 'importExternalTexture');
count('GPUQueue', 'submit', 'writeBuffer', 'writeTexture', 'copyExternalImageToTexture');
count('GPUComputePassEncoder', 'dispatchWorkgroups');
count('WebGL2RenderingContext', 'readPixels', 'createBuffer', 'createTexture', 'getBufferSubData');
count('WebGLRenderingContext', 'readPixels');
count('CanvasRenderingContext2D', 'getImageData', 'putImageData', 'drawImage');
count('OffscreenCanvasRenderingContext2D', 'getImageData', 'putImageData', 'drawImage');
count('VideoFrame', 'copyTo');

/** Timestamps of the passes of one device. */
class PassClock {
  readonly device: GPUDevice;
  readonly #queries: GPUQuerySet;
  #labels: string[] = [];

  constructor(device: GPUDevice) {
    this.device = device;
    this.#queries = device.createQuerySet({ type: 'timestamp', count: capacity });
  }

  reset(): void {
    this.#labels = [];
  }

  /** Where the next pass is to write its times; undefined once all queries are used. */
  begin(label: string): GPUComputePassTimestampWrites | undefined {
    const index = 2 * this.#labels.length;
    if (index + 2 > capacity) return undefined;
    this.#labels.push(label);
    return {
      querySet: this.#queries,
      beginningOfPassWriteIndex: index,
      endOfPassWriteIndex: index + 1,
    };
  }

  async read(): Promise<PassTimes> {
    const passes: Record<string, { passes: number; ms: number }> = {};
    const labels = this.#labels;
    if (labels.length === 0) return passes;
    const size = 16 * labels.length;
    const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
    const create = (usage: number): GPUBuffer => this.device.createBuffer({ size, usage });
    const resolved = create(QUERY_RESOLVE | COPY_SRC);
    const staging = create(MAP_READ | COPY_DST);
    const encoder = this.device.createCommandEncoder();
    encoder.resolveQuerySet(this.#queries, 0, 2 * labels.length, resolved, 0);
    encoder.copyBufferToBuffer(resolved, 0, staging, 0, size);
    this.device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const times = new BigInt64Array(staging.getMappedRange());
    for (const [i, label] of labels.entries()) {
      const ms = Number((times[2 * i + 1] as bigint) - (times[2 * i] as bigint)) / 1e6;
      const sum = (passes[label] ??= { passes: 0, ms: 0 });
      sum.passes++;
      sum.ms += ms;
    }
    staging.destroy();
    resolved.destroy();
    return passes;
  }
}

let clock: PassClock | undefined;
const encoderLabels = new WeakMap<object, { readonly device: unknown; readonly label: string }>();

wrap('GPUAdapter', 'requestDevice', (original) => {
  return async function (this: unknown, descriptor: unknown) {
    const adapter = this as GPUAdapter;
    const wanted = (descriptor ?? {}) as GPUDeviceDescriptor;
    const canTime = adapter.features.has('timestamp-query');
    const requiredFeatures = [...(wanted.requiredFeatures ?? [])];
    if (canTime) requiredFeatures.push('timestamp-query');
    const device = (await original.call(this, { ...wanted, requiredFeatures })) as GPUDevice;
    if (canTime) clock = new PassClock(device);
    return device;
  };
});

wrap('GPUDevice', 'createCommandEncoder', (original) => {
  return function (this: unknown, descriptor: unknown) {
    const encoder = original.call(this, descriptor) as object;
    const { label = '' } = (descriptor ?? {}) as GPUCommandEncoderDescriptor;
    encoderLabels.set(encoder, { device: this, label });
    return encoder;
  };
});

for (const name of ['beginComputePass', 'beginRenderPass']) {
  wrap('GPUCommandEncoder', name, (original) => {
    return function (this: unknown, descriptor: unknown) {
      const from = encoderLabels.get(this as object);
      const pass = (descriptor ?? {}) as GPUObjectDescriptorBase;
      const label = pass.label ?? from?.label ?? '';
      const timestampWrites = from?.device === clock?.device && clock?.begin(label);
      return original.call(this, timestampWrites ? { ...pass, timestampWrites } : pass);
    };
  });
}

async function report(): Promise<HookReport> {
  // Reading the clock calls what is counted.
  const counted = { ...counts };
  return { counts: counted, passes: (await clock?.read()) ?? {} };
}

function reset(): void {
  counts = {};
  clock?.reset();
}

Object.assign(globalThis, { benchHooks: { report, reset } });

// A worker is asked by the page; the page's own are called by the command.
if (!('document' in globalThis)) {
  const line = new BroadcastChannel('bench-hooks');
  line.addEventListener('message', ({ data }: MessageEvent<string>) => {
    if (data === 'reset') reset();
    if (data === 'report') void report().then((answer) => line.postMessage(answer));
  });
}
