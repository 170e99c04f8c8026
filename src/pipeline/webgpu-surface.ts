import type { Uploader } from '../gpu/upload.ts';
import type { Surface } from '../stage.ts';

/** A frame and its mask on the GPU. What is bound to its texture is bound anew when the size changes. */
export class WebGpuSurface implements Surface {
  /** float32, 0..1, at the model's output size. */
  readonly mask: GPUBuffer;
  hasMask = false;
  readonly #uploader: Uploader;
  #texture: GPUTexture | undefined;
  /** By what they are for; emptied whenever the texture is replaced. */
  readonly #bindGroups = new Map<
    string,
    { readonly version: number; readonly group: GPUBindGroup }
  >();

  constructor(device: GPUDevice, uploader: Uploader, maskBytes: number) {
    this.#uploader = uploader;
    this.mask = device.createBuffer({
      label: 'mask',
      size: maskBytes,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
  }

  get width(): number {
    return this.#texture?.width ?? 0;
  }

  get height(): number {
    return this.#texture?.height ?? 0;
  }

  get texture(): GPUTexture {
    if (!this.#texture) throw new Error('Nothing was uploaded.');
    return this.#texture;
  }

  resize(width: number, height: number): GPUTexture {
    if (this.#texture && width === this.width && height === this.height) return this.#texture;
    this.#texture?.destroy();
    this.#bindGroups.clear();
    this.#texture = this.#uploader.createTexture('frame', width, height);
    return this.#texture;
  }

  /**
   * Returns the bind group of this name, making it if need be.
   *
   * @param version - Changes when what is bound beside the surface's own texture and mask is replaced.
   */
  bind(name: string, version: number, create: () => GPUBindGroup): GPUBindGroup {
    const known = this.#bindGroups.get(name);
    if (known?.version === version) return known.group;
    const group = create();
    this.#bindGroups.set(name, { version, group });
    return group;
  }

  destroy(): void {
    this.#texture?.destroy();
    this.#texture = undefined;
    this.mask.destroy();
  }
}
