import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import alphaAt from '../postprocess/alpha-at.wgsl';
import type { GpuMatte } from '../postprocess/gpu-matte.ts';
import type { Effect } from '../stage.ts';
import compositeCode from './composite.wgsl';
import { encodeFullTarget } from './render-target.ts';

const entryPoints: Record<Effect, string> = {
  none: 'drawNone',
  mask: 'drawMask',
  cutout: 'drawCutout',
  blur: 'drawBlur',
  replace: 'drawReplace',
};

/** Draws a frame with its mask and, for `blur` and `replace`, what is behind it. */
export class CompositePass {
  readonly #pipelines: Record<Effect, GPURenderPipeline>;
  readonly #frameGroups: BindGroupCache;
  readonly #backdropGroups: BindGroupCache;
  readonly #linear: GPUSampler;

  /** @param format - Of the targets drawn to. */
  static async create(device: GPUDevice, format: GPUTextureFormat): Promise<CompositePass> {
    const code = alphaAt + compositeCode;
    const module = device.createShaderModule({ label: 'composite.wgsl', code });
    const { FRAGMENT: visibility } = GPUShaderStage;
    const frameLayout = device.createBindGroupLayout({
      label: 'composite frame',
      entries: [
        { binding: 0, visibility, texture: {} },
        { binding: 1, visibility, buffer: { type: 'read-only-storage' } },
        { binding: 2, visibility, buffer: {} },
      ],
    });
    const backdropLayout = device.createBindGroupLayout({
      label: 'composite backdrop',
      entries: [
        { binding: 0, visibility, texture: {} },
        { binding: 1, visibility, sampler: {} },
      ],
    });
    const createPipeline = async (effect: Effect): Promise<[Effect, GPURenderPipeline]> => {
      const bindGroupLayouts = drawsBackdrop(effect)
        ? [frameLayout, backdropLayout]
        : [frameLayout];
      const pipeline = await device.createRenderPipelineAsync({
        label: `composite ${effect}`,
        layout: device.createPipelineLayout({ label: `composite ${effect}`, bindGroupLayouts }),
        vertex: { module, entryPoint: 'coverTarget' },
        fragment: {
          module,
          entryPoint: entryPoints[effect],
          targets: [{ format }],
        },
      });
      return [effect, pipeline];
    };
    const effects = Object.keys(entryPoints) as Effect[];
    const pipelines = Object.fromEntries(await Promise.all(effects.map(createPipeline)));
    return new CompositePass(
      device,
      pipelines as Record<Effect, GPURenderPipeline>,
      new BindGroupCache(device, 'composite frame', frameLayout),
      new BindGroupCache(device, 'composite backdrop', backdropLayout),
    );
  }

  private constructor(
    device: GPUDevice,
    pipelines: Record<Effect, GPURenderPipeline>,
    frameGroups: BindGroupCache,
    backdropGroups: BindGroupCache,
  ) {
    this.#pipelines = pipelines;
    this.#frameGroups = frameGroups;
    this.#backdropGroups = backdropGroups;
    this.#linear = device.createSampler({
      label: 'linear',
      minFilter: 'linear',
      magFilter: 'linear',
    });
  }

  /**
   * @param target - As large as the frame.
   * @param frame - Premultiplied; its matte is always the same.
   * @param backdrop - For `blur` what BlurPass gave, for `replace` what BackdropPass gave, else null.
   */
  encode(
    encoder: GPUCommandEncoder,
    target: GPUTextureView,
    effect: Effect,
    frame: GPUTexture,
    matte: GpuMatte,
    backdrop: GPUTexture | null,
  ): void {
    const groups = [
      this.#frameGroups.get(frame, () => [
        frame.createView(),
        { buffer: matte.coefficients },
        { buffer: matte.description },
      ]),
    ];
    if (backdrop) {
      groups.push(this.#backdropGroups.get(backdrop, () => [backdrop.createView(), this.#linear]));
    }
    encodeFullTarget(encoder, `composite ${effect}`, target, this.#pipelines[effect], ...groups);
  }
}

function drawsBackdrop(effect: Effect): boolean {
  return effect === 'blur' || effect === 'replace';
}
