/** A texture that is drawn to and then sampled, made anew when its size changes. Views are kept. */
export class RenderTarget {
  readonly #device: GPUDevice;
  readonly #label: string;
  readonly #format: GPUTextureFormat;
  #texture: GPUTexture | undefined;
  #view: GPUTextureView | undefined;

  constructor(device: GPUDevice, label: string, format: GPUTextureFormat) {
    this.#device = device;
    this.#label = label;
    this.#format = format;
  }

  /** Destroyed by the next call with another size. */
  resize(width: number, height: number): { texture: GPUTexture; view: GPUTextureView } {
    let texture = this.#texture;
    if (texture?.width !== width || texture.height !== height) {
      this.destroy();
      texture = this.#device.createTexture({
        label: this.#label,
        format: this.#format,
        size: [width, height],
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
      });
    }
    const view = this.#view ?? texture.createView({ label: this.#label });
    this.#texture = texture;
    this.#view = view;
    return { texture, view };
  }

  destroy(): void {
    this.#texture?.destroy();
    this.#texture = undefined;
    this.#view = undefined;
  }
}

/** Runs a fragment shader once for each pixel of `view`. */
export function encodeFullTarget(
  encoder: GPUCommandEncoder,
  label: string,
  view: GPUTextureView,
  pipeline: GPURenderPipeline,
  ...groups: readonly GPUBindGroup[]
): void {
  const pass = encoder.beginRenderPass({
    label,
    colorAttachments: [{ view, loadOp: 'clear', storeOp: 'store' }],
  });
  pass.setPipeline(pipeline);
  for (const [index, group] of groups.entries()) pass.setBindGroup(index, group);
  pass.draw(3);
  pass.end();
}

/** Fills all of `view` with a premultiplied colour. */
export function encodeClear(
  encoder: GPUCommandEncoder,
  view: GPUTextureView,
  [r, g, b, a]: readonly [red: number, green: number, blue: number, alpha: number],
): void {
  const clearValue = { r, g, b, a };
  const colorAttachments = [{ view, clearValue, loadOp: 'clear', storeOp: 'store' }] as const;
  encoder.beginRenderPass({ label: 'clear', colorAttachments: [...colorAttachments] }).end();
}
