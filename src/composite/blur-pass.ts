import blurCode from './blur.wgsl';
import roomCode from './room.wgsl';

/** Sigma of the Gaussian in texels of the room: the room shrinks with the radius, the work does not grow. */
const targetSigma = 4;

interface Sized {
  readonly width: number;
  readonly height: number;
  readonly radiusPx: number;
  readonly textures: readonly [GPUTexture, GPUTexture];
  readonly blurs: readonly [GPUBindGroup, GPUBindGroup];
}

/** The background blurred without the person, in three compute passes on a smaller texture. */
export class BlurPass {
  readonly #device: GPUDevice;
  readonly #roomPipeline: GPUComputePipeline;
  readonly #blurPipeline: GPUComputePipeline;
  readonly #roomParameters: GPUBuffer;
  readonly #blurParameters: readonly [GPUBuffer, GPUBuffer];
  #sized: Sized | undefined;

  static async create(
    device: GPUDevice,
    maskSize: { readonly width: number; readonly height: number },
  ): Promise<BlurPass> {
    const create = (label: string, code: string): Promise<GPUComputePipeline> =>
      device.createComputePipelineAsync({
        label,
        layout: 'auto',
        compute: { module: device.createShaderModule({ label, code }) },
      });
    const [room, blur] = await Promise.all([create('room', roomCode), create('blur', blurCode)]);
    return new BlurPass(device, room, blur, maskSize);
  }

  private constructor(
    device: GPUDevice,
    roomPipeline: GPUComputePipeline,
    blurPipeline: GPUComputePipeline,
    maskSize: { readonly width: number; readonly height: number },
  ) {
    this.#device = device;
    this.#roomPipeline = roomPipeline;
    this.#blurPipeline = blurPipeline;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const uniform = (label: string): GPUBuffer => device.createBuffer({ label, size: 16, usage });
    this.#roomParameters = uniform('room parameters');
    this.#blurParameters = [uniform('blur parameters, across'), uniform('blur parameters, down')];
    device.queue.writeBuffer(
      this.#roomParameters,
      0,
      new Uint32Array([maskSize.width, maskSize.height]),
    );
  }

  /**
   * Makes the textures for frames of this size and a blur of this standard deviation, unless they are there. Returns
   * whether {@link room} is another one now.
   */
  resize(width: number, height: number, radiusPx: number): boolean {
    const sized = this.#sized;
    if (sized?.width === width && sized.height === height && sized.radiusPx === radiusPx) {
      return false;
    }
    this.#release();
    const factor = Math.max(1, radiusPx / targetSigma);
    const size = [
      Math.max(1, Math.round(width / factor)),
      Math.max(1, Math.round(height / factor)),
    ];
    const texture = (label: string): GPUTexture =>
      this.#device.createTexture({
        label,
        size,
        format: 'rgba16float',
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.STORAGE_BINDING,
      });
    const textures = [texture('room'), texture('room, blurred across')] as const;
    const sigma = radiusPx / factor;
    const [across, down] = this.#blurParameters;
    this.#writeBlur(across, [1, 0], sigma);
    this.#writeBlur(down, [0, 1], sigma);
    const [a, b] = [textures[0].createView(), textures[1].createView()];
    const blurs = [this.#bindBlur(a, b, across), this.#bindBlur(b, a, down)] as const;
    this.#sized = { width, height, radiusPx, textures, blurs };
    return true;
  }

  /** The blurred room: colour times weight, weight in alpha. Valid until the next `resize` that returns true. */
  get room(): GPUTexture {
    return this.#current.textures[0];
  }

  /** Binds a frame and its mask. Valid until the next `resize` that returns true. */
  bind(frame: GPUTextureView, mask: GPUBuffer): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'room',
      layout: this.#roomPipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: frame },
        { binding: 1, resource: { buffer: mask } },
        { binding: 2, resource: { buffer: this.#roomParameters } },
        { binding: 3, resource: this.room.createView() },
      ],
    });
  }

  encode(encoder: GPUCommandEncoder, bindGroup: GPUBindGroup): void {
    const { width, height } = this.room;
    const groups = [Math.ceil(width / 8), Math.ceil(height / 8)] as const;
    const pass = encoder.beginComputePass({ label: 'background blur' });
    pass.setPipeline(this.#roomPipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...groups);
    pass.setPipeline(this.#blurPipeline);
    for (const blur of this.#current.blurs) {
      pass.setBindGroup(0, blur);
      pass.dispatchWorkgroups(...groups);
    }
    pass.end();
  }

  destroy(): void {
    this.#release();
    for (const buffer of [this.#roomParameters, ...this.#blurParameters]) buffer.destroy();
  }

  get #current(): Sized {
    if (!this.#sized) throw new Error('resize() comes first.');
    return this.#sized;
  }

  #release(): void {
    for (const texture of this.#sized?.textures ?? []) texture.destroy();
    this.#sized = undefined;
  }

  #writeBlur(buffer: GPUBuffer, direction: readonly [number, number], sigma: number): void {
    const data = new ArrayBuffer(16);
    new Int32Array(data, 0, 2).set(direction);
    new Float32Array(data, 8, 1).set([sigma]);
    this.#device.queue.writeBuffer(buffer, 0, data);
  }

  #bindBlur(from: GPUTextureView, to: GPUTextureView, parameters: GPUBuffer): GPUBindGroup {
    return this.#device.createBindGroup({
      label: 'blur',
      layout: this.#blurPipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: from },
        { binding: 1, resource: to },
        { binding: 2, resource: { buffer: parameters } },
      ],
    });
  }
}
