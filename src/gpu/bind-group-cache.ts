/** One bind group for each texture, made when first asked for, gone with the texture. */
export class BindGroupCache {
  readonly #device: GPUDevice;
  readonly #label: string;
  readonly #layout: GPUBindGroupLayout;
  readonly #groups = new WeakMap<GPUTexture, GPUBindGroup>();

  constructor(device: GPUDevice, label: string, layout: GPUBindGroupLayout) {
    this.#device = device;
    this.#label = label;
    this.#layout = layout;
  }

  /** @param resources - In the order of their bindings; must be the same for the same texture. */
  get(texture: GPUTexture, resources: () => readonly GPUBindingResource[]): GPUBindGroup {
    const known = this.#groups.get(texture);
    if (known) return known;
    const group = this.#device.createBindGroup({
      label: this.#label,
      layout: this.#layout,
      entries: resources().map((resource, binding) => ({ binding, resource })),
    });
    this.#groups.set(texture, group);
    return group;
  }
}
