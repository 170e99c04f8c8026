import { acquireDevice } from '../../src/gpu/device.ts';
import { CanvasRenderer } from '../../src/pipeline/canvas-renderer.ts';
import { WebGlRenderer } from '../../src/pipeline/webgl-renderer.ts';
import { WebGpuRenderer } from '../../src/pipeline/webgpu-renderer.ts';
import { createAnswer } from './gpu.ts';
import { asTheModelGaveIt } from './rigs.ts';
import type { EffectOptions, ModelSpec, Renderer, Surface } from '../../src/stage.ts';

/** A renderer with a stand-in for its engine. */
export interface Harness {
  readonly name: string;
  readonly renderer: Renderer<unknown, unknown>;
  readonly model: ModelSpec;
  /** Runs `preprocess` and returns the tensor's values as the model would see them, RGB in order. */
  sampleRgb(surface: Surface): Promise<number[]>;
  /** Hands `values` to `postprocess` as the model's answer. */
  setMask(surface: Surface, values: Float32Array): void;
  /** Frees renderer and device. Throws if the GPU found anything invalid meanwhile. */
  dispose(): Promise<void>;
}

export function createModel(
  width: number,
  height: number,
  input: Partial<ModelSpec['input']> = {},
) {
  return {
    name: 'test',
    input: {
      name: 'input',
      layout: 'nhwc',
      width,
      height,
      range: [0, 1],
      order: 'rgb',
      ...input,
    },
    output: {
      name: 'mask',
      channels: 1,
      kind: 'probability',
      layout: 'nhwc',
      width,
      height,
      classes: ['background', 'person'],
    },
  } satisfies ModelSpec as ModelSpec;
}

export const harnesses: readonly { name: string; create(model: ModelSpec): Promise<Harness> }[] = [
  { name: 'webgpu', create: createGpuHarness },
  {
    name: 'webgl2',
    create: (model) => {
      const listener = { onLost: () => {}, onRestored: () => {} };
      return createCpuHarness('webgl2', new WebGlRenderer(model, listener), model);
    },
  },
  {
    name: '2d',
    create: (model) => createCpuHarness('2d', new CanvasRenderer(model, Infinity), model),
  },
];

export async function createGpuHarness(model: ModelSpec): Promise<Harness> {
  const { device } = await acquireDevice({ powerPreference: '', allowSoftware: true });
  device.pushErrorScope('validation');
  const { input, output } = model;
  const usage = GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST;
  const tensors = {
    input: device.createBuffer({ size: 12 * input.width * input.height, usage }),
    output: device.createBuffer({ size: 4 * output.width * output.height, usage }),
  };
  const renderer = await WebGpuRenderer.create(device, model, tensors);
  return {
    name: 'webgpu',
    renderer: renderer as unknown as Harness['renderer'],
    model,
    sampleRgb: async (surface) => {
      const buffer = (renderer as unknown as Harness['renderer']).preprocess(surface) as GPUBuffer;
      return [...(await readBuffer(device, buffer))];
    },
    setMask: (surface, values) => {
      (renderer as unknown as Harness['renderer']).postprocess(
        surface,
        createAnswer(device, values),
        asTheModelGaveIt,
      );
    },
    dispose: async () => {
      renderer.dispose();
      const error = await device.popErrorScope();
      device.destroy();
      if (error) throw new Error(error.message);
    },
  };
}

function createCpuHarness(
  name: string,
  cpuRenderer: CanvasRenderer | WebGlRenderer,
  model: ModelSpec,
): Promise<Harness> {
  const renderer = cpuRenderer as unknown as Harness['renderer'];
  const [low, high] = model.input.range;
  return Promise.resolve({
    name,
    renderer,
    model,
    sampleRgb: async (surface) => {
      const pixels = (await renderer.preprocess(surface)) as Uint8ClampedArray;
      const rgb = [...pixels].filter((_, i) => i % 4 !== 3);
      return rgb.map((level) => low + (level / 255) * (high - low));
    },
    setMask: (surface, values) =>
      renderer.postprocess(surface, { mask: values, categories: null }, asTheModelGaveIt),
    dispose: () => {
      renderer.dispose();
      return Promise.resolve();
    },
  });
}

export async function readBuffer(device: GPUDevice, buffer: GPUBuffer): Promise<Float32Array> {
  const usage = GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST;
  const staging = device.createBuffer({ size: buffer.size, usage });
  const encoder = device.createCommandEncoder();
  encoder.copyBufferToBuffer(buffer, 0, staging, 0, buffer.size);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const values = new Float32Array(staging.getMappedRange().slice(0));
  staging.destroy();
  return values;
}

export function createOptions(options: Partial<EffectOptions>): EffectOptions {
  return { effect: 'cutout', blurRadiusPx: 4, backgroundColor: [0, 0, 0, 0], ...options };
}

/** Straight RGBA of what a canvas holds in this very task. */
export function readCanvas(canvas: OffscreenCanvas): ImageData {
  const { width, height } = canvas;
  const context = new OffscreenCanvas(width, height).getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, width, height);
}

/** Straight RGBA of an encoded picture. */
export async function readBlob(blob: Blob): Promise<ImageData> {
  const bitmap = await createImageBitmap(blob);
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no 2D context');
  context.drawImage(bitmap, 0, 0);
  bitmap.close();
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

export function rgbaAt({ data, width }: ImageData, x: number, y: number): number[] {
  return [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)];
}
