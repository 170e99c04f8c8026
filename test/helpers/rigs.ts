import { CanvasRenderer } from '../../src/pipeline/canvas-renderer.ts';
import { WebGlRenderer } from '../../src/pipeline/webgl-renderer.ts';
import { WebGpuRenderer } from '../../src/pipeline/webgpu-renderer.ts';
import type { EffectOptions, MaskShaping, ModelSpec, Renderer, Surface } from '../../src/stage.ts';
import { createBitmap, type Pixels } from './frames.ts';
import { createAnswer } from './gpu.ts';
import { contextOf } from './pictures.ts';
import type { MaskPixels } from './reference-scene.ts';
import { shareDevice } from './shared-device.ts';

/** A renderer with what stands around it. */
export interface Rig {
  readonly renderer: Renderer<unknown, unknown>;
  /** Where the answers are, if they are on a GPU. */
  readonly device?: GPUDevice;
  /** The values as a model's answer. Valid until the next call. */
  answer(values: Float32Array<ArrayBuffer>): unknown;
  /** Throws if the GPU found something wrong. Frees everything. */
  dispose(): Promise<void>;
}

export interface RigKind {
  readonly title: string;
  /**
   * Levels of 255 by which pixels may differ from double precision.
   *
   * Of premultiplied colours, half a level goes when a frame is uploaded, half when a pixel is stored, and half when
   * it is read back as straight alpha. The 2D canvas moreover keeps masks in 8 bits, and rounds after each of up to
   * three drawing steps.
   */
  readonly tolerance: number;
  /**
   * The same for blurred backgrounds. The 2D canvas blurs premultiplied colours of 8 bits, of which half is left at an
   * edge and a quarter in a corner, known to half a level each: two levels once they are opaque again. Every one of
   * the steps that make them opaque rounds once more.
   */
  readonly blurTolerance: number;
  /** Whether frames are converted by the CPU. */
  readonly isCpu: boolean;
  create(model: ModelSpec): Promise<Rig>;
}

export const rigKinds: readonly RigKind[] = [
  {
    title: 'WebGpuRenderer',
    tolerance: 2,
    blurTolerance: 2,
    isCpu: false,
    create: (model) => createWebGpuRig(model),
  },
  {
    title: 'WebGlRenderer',
    tolerance: 2,
    blurTolerance: 2,
    // With software WebGL.
    isCpu: true,
    create: (model) =>
      Promise.resolve(
        createRig(new WebGlRenderer(model, { onLost: () => {}, onRestored: () => {} })),
      ),
  },
  {
    title: 'CanvasRenderer',
    tolerance: 4,
    blurTolerance: 8,
    isCpu: true,
    create: (model) => Promise.resolve(createRig(new CanvasRenderer(model, Infinity))),
  },
];

/**
 * A renderer on the device of all others, and the buffers of a model that is nowhere.
 *
 * @param adapterName - For which uploads are remembered; empty: they are not.
 */
export async function createWebGpuRig(
  model: ModelSpec,
  adapterName = '',
): Promise<Rig & { readonly device: GPUDevice; readonly output: GPUBuffer }> {
  const device = await shareDevice();
  device.pushErrorScope('validation');
  const createBuffer = (label: string, floats: number): GPUBuffer =>
    device.createBuffer({
      label,
      size: 4 * floats,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  const input = createBuffer('model input', 3 * model.input.width * model.input.height);
  const { output: answer } = model;
  const output = createBuffer('model output', answer.width * answer.height * answer.channels);
  const renderer = await WebGpuRenderer.create(device, model, { input, output }, adapterName);
  return {
    renderer,
    device,
    output,
    answer: (values) => createAnswer(device, values),
    async dispose() {
      renderer.dispose();
      for (const buffer of [input, output]) buffer.destroy();
      const error = await device.popErrorScope();
      if (error) throw new Error(`WebGPU: ${error.message}`);
    },
  };
}

/** A renderer whose answers are numbers in main memory. */
function createRig(renderer: WebGlRenderer | CanvasRenderer): Rig {
  return {
    renderer,
    answer: (values) => ({ mask: values, categories: null }),
    dispose() {
      renderer.dispose();
      return Promise.resolve();
    },
  };
}

/** Uploads a picture, and its mask if there is one. */
export async function loadSurface(
  { renderer, answer }: Rig,
  frame: Pixels,
  mask: MaskPixels | null,
  surface: Surface = renderer.createSurface(),
): Promise<Surface> {
  const bitmap = await createBitmap(frame);
  await renderer.upload(surface, bitmap);
  bitmap.close();
  if (mask) renderer.postprocess(surface, answer(mask.values), asTheModelGaveIt);
  return surface;
}

/** A mask of a picture by itself, as it is. */
export const asTheModelGaveIt: MaskShaping = { refine: false, stream: null };

/** Straight RGBA of what a canvas shows, to be called in the task that drew it. */
export function readCanvas(canvas: OffscreenCanvas): ImageData {
  const context = contextOf(new OffscreenCanvas(canvas.width, canvas.height));
  context.drawImage(canvas, 0, 0);
  return context.getImageData(0, 0, canvas.width, canvas.height);
}

/** Straight RGBA of a snapshot. */
export async function readSnapshot(
  { renderer }: Rig,
  surface: Surface,
  options: EffectOptions,
): Promise<ImageData> {
  const blob = await renderer.snapshot(surface, options, 'image/png', 1);
  const bitmap = await createImageBitmap(blob, { premultiplyAlpha: 'none' });
  const context = contextOf(new OffscreenCanvas(bitmap.width, bitmap.height));
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, bitmap.width, bitmap.height);
}
