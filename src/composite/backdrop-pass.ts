import { BindGroupCache } from '../gpu/bind-group-cache.ts';
import type { Rgba } from '../stage.ts';
import code from './cover.wgsl';
import { toColorSpace } from './display-p3.ts';
import { fitCover, type Size } from './fit-cover.ts';
import { encodeClear, encodeFullTarget, RenderTarget } from './render-target.ts';

/** Prepares what stands behind the foreground: a picture over a colour. Draws only when something changed. */
export class BackdropPass {
  readonly #device: GPUDevice;
  readonly #pipeline: GPURenderPipeline;
  readonly #groups: BindGroupCache;
  readonly #linear: GPUSampler;
  readonly #cover: GPUBuffer;
  readonly #target: RenderTarget;
  #picture: GPUTexture | null = null;
  /** What the target shows. */
  #drawn = '';

  static async create(device: GPUDevice): Promise<BackdropPass> {
    const module = device.createShaderModule({ label: 'cover.wgsl', code });
    const pipeline = await device.createRenderPipelineAsync({
      label: 'cover',
      layout: 'auto',
      vertex: { module },
      fragment: { module, targets: [{ format: backdropFormat }] },
    });
    return new BackdropPass(device, pipeline);
  }

  private constructor(device: GPUDevice, pipeline: GPURenderPipeline) {
    this.#device = device;
    this.#pipeline = pipeline;
    this.#groups = new BindGroupCache(device, 'cover', pipeline.getBindGroupLayout(0));
    this.#linear = device.createSampler({
      label: 'linear',
      minFilter: 'linear',
      magFilter: 'linear',
    });
    this.#cover = device.createBuffer({
      label: 'cover',
      size: coverBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
    this.#target = new RenderTarget(device, 'backdrop', backdropFormat);
  }

  /** @param picture - Premultiplied, the caller's; call again when its pixels have changed. */
  setPicture(picture: GPUTexture | null): void {
    this.#picture = picture;
    this.#drawn = '';
  }

  /** @returns Premultiplied, in this colour space, to stretch over a target of this size. Valid until the next call. */
  encode(
    encoder: GPUCommandEncoder,
    size: Size,
    color: Rgba,
    colorSpace: PredefinedColorSpace,
  ): GPUTexture {
    const picture = this.#picture;
    const { width, height } = picture ? size : { width: 1, height: 1 };
    const { texture, view } = this.#target.resize(width, height);
    const wanted = `${width} ${height} ${colorSpace} ${color.join(' ')}`;
    if (wanted === this.#drawn) return texture;
    this.#drawn = wanted;
    const premultiplied = premultiply(toColorSpace(color, colorSpace));
    if (!picture) {
      encodeClear(encoder, view, premultiplied);
      return texture;
    }
    const visible = fitCover(picture, size);
    const cover = new Float32Array(coverBytes / 4);
    new Uint32Array(cover.buffer)[10] = Number(colorSpace === 'display-p3');
    cover.set([...premultiplied, visible.x / picture.width, visible.y / picture.height], 0);
    cover.set([visible.width / picture.width, visible.height / picture.height, width, height], 6);
    this.#device.queue.writeBuffer(this.#cover, 0, cover);
    const group = this.#groups.get(picture, () => [
      picture.createView(),
      this.#linear,
      { buffer: this.#cover },
    ]);
    encodeFullTarget(encoder, 'cover', view, this.#pipeline, group);
    return texture;
  }

  destroy(): void {
    this.#target.destroy();
    this.#cover.destroy();
  }
}

const backdropFormat: GPUTextureFormat = 'rgba8unorm';
/** As `Cover` in cover.wgsl: a vec4f, three vec2f and a u32, padded to 48 bytes. */
const coverBytes = 48;

function premultiply([red, green, blue, alpha]: Rgba): [number, number, number, number] {
  return [red * alpha, green * alpha, blue * alpha, alpha];
}
