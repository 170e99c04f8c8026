import { BindGroupCache } from './bind-group-cache.ts';
import type { CommandBatch } from './command-batch.ts';
import { orient } from './orientation.ts';
import code from './planes.wgsl';
import { coverTexture, isOpaqueFormat, type UploadPath } from './upload-path.ts';
import { describeYuv } from './yuv.ts';

/** A plane of a frame: how large it is beside the frame, and what its texture holds. */
interface Plane {
  /** Frame pixels a sample, across and down. */
  readonly step: 1 | 2;
  readonly format: GPUTextureFormat;
}

const luma: Plane = { step: 1, format: 'r8unorm' };
const chroma: Plane = { step: 2, format: 'r8unorm' };

/** The formats taken, with their planes in order (WebCodecs, VideoPixelFormat). */
const layouts: Readonly<Record<string, readonly Plane[]>> = {
  I420: [luma, chroma, chroma],
  NV12: [luma, { step: 2, format: 'rg8unorm' }],
  RGBA: [{ step: 1, format: 'rgba8unorm' }],
  RGBX: [{ step: 1, format: 'rgba8unorm' }],
  BGRA: [{ step: 1, format: 'bgra8unorm' }],
  BGRX: [{ step: 1, format: 'bgra8unorm' }],
};

const frameUniformBytes = 144;

/** What a frame needs besides its pixels; as long as it stays the same, nothing is made anew. */
interface PlaneSet {
  readonly key: string;
  readonly textures: readonly GPUTexture[];
  readonly groups: BindGroupCache;
  readonly pipeline: GPUComputePipeline;
}

/**
 * Copies the planes of frames whose pixels the CPU has, as they are, and converts them by a compute pass: a YUV frame
 * moves 1.5 bytes a pixel. Colours are converted here, see {@link describeYuv}.
 */
export class PlanesUpload implements UploadPath {
  readonly name = 'planes';
  readonly #device: GPUDevice;
  readonly #linear: GPUSampler;
  readonly #uniform: GPUBuffer;
  readonly #pipelines = new Map<string, Promise<GPUComputePipeline>>();
  #bytes = new Uint8Array();
  #planes: PlaneSet | undefined;

  constructor(device: GPUDevice) {
    this.#device = device;
    this.#linear = device.createSampler({ magFilter: 'linear', minFilter: 'linear' });
    this.#uniform = device.createBuffer({
      label: 'frame layout',
      size: frameUniformBytes,
      usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
    });
  }

  accepts({ format, colorSpace }: VideoFrame): boolean {
    if (!format || !layouts[format]) return false;
    if (isPacked(format)) return (colorSpace.primaries ?? 'bt709') === 'bt709';
    return describeYuv(colorSpace) !== null;
  }

  async copy(frame: VideoFrame, texture: GPUTexture, batch: CommandBatch): Promise<void> {
    // What was collected may read the frame before from these planes.
    batch.submit();
    const planes = await this.#prepare(frame);
    const size = frame.allocationSize();
    if (this.#bytes.length < size) this.#bytes = new Uint8Array(size);
    const layout = await frame.copyTo(this.#bytes);
    const { queue } = this.#device;
    for (const [i, plane] of planes.textures.entries()) {
      const { offset = 0, stride: bytesPerRow = 0 } = layout[i] ?? {};
      const copySize = [plane.width, plane.height];
      queue.writeTexture({ texture: plane }, this.#bytes, { offset, bytesPerRow }, copySize);
    }
    const pass = batch.encoder.beginComputePass({ label: 'planes' });
    pass.setPipeline(planes.pipeline);
    pass.setBindGroup(
      0,
      planes.groups.get(texture, () => {
        const [first, second = first, third = second] = planes.textures.map((plane) =>
          plane.createView(),
        ) as [GPUTextureView, GPUTextureView?, GPUTextureView?];
        const common = [{ buffer: this.#uniform }, texture.createView(), this.#linear, first];
        return planes.textures.length > 1 ? [...common, second, third] : common;
      }),
    );
    pass.dispatchWorkgroups(...coverTexture(texture));
    pass.end();
  }

  destroy(): void {
    this.#uniform.destroy();
    for (const texture of this.#planes?.textures ?? []) texture.destroy();
    this.#planes = undefined;
  }

  /** Textures and uniforms for frames of this kind. */
  async #prepare(frame: VideoFrame): Promise<PlaneSet> {
    const { format, visibleRect } = frame;
    const { width = 0, height = 0 } = visibleRect ?? {};
    // What the types do not know yet.
    const { rotation = 0, flip = false } = frame as { rotation?: number; flip?: boolean };
    const space = frame.colorSpace.toJSON();
    const key = JSON.stringify([format, width, height, rotation, flip, space]);
    if (this.#planes?.key === key) return this.#planes;
    const layout = layouts[format ?? ''];
    if (!format || !layout)
      throw new TypeError(`A frame of the format ${String(format)} has no planes.`);
    const pipeline = await this.#pipelineFor(format);
    for (const texture of this.#planes?.textures ?? []) texture.destroy();
    const textures = layout.map(({ step, format: textureFormat }, i) =>
      this.#device.createTexture({
        label: `plane ${i}`,
        format: textureFormat,
        size: [Math.ceil(width / step), Math.ceil(height / step)],
        usage: GPUTextureUsage.COPY_DST | GPUTextureUsage.TEXTURE_BINDING,
      }),
    );
    const groups = new BindGroupCache(this.#device, 'planes', pipeline.getBindGroupLayout(0));
    this.#planes = { key, textures, groups, pipeline };
    this.#device.queue.writeBuffer(this.#uniform, 0, describeFrame(format, space, rotation, flip));
    return this.#planes;
  }

  #pipelineFor(format: VideoPixelFormat): Promise<GPUComputePipeline> {
    const isSemiPlanar = format === 'NV12';
    const entryPoint = isPacked(format) ? 'convertPacked' : 'convertYuv';
    const key = `${entryPoint} ${isSemiPlanar}`;
    const known = this.#pipelines.get(key);
    if (known) return known;
    const pipeline = this.#device.createComputePipelineAsync({
      label: key,
      layout: 'auto',
      compute: {
        module: this.#device.createShaderModule({ label: 'planes.wgsl', code }),
        entryPoint,
        constants: isPacked(format) ? {} : { isSemiPlanar: Number(isSemiPlanar) },
      },
    });
    this.#pipelines.set(key, pipeline);
    return pipeline;
  }
}

function isPacked(format: VideoPixelFormat): boolean {
  return layouts[format]?.length === 1;
}

/** The uniform `Frame` of planes.wgsl, laid out by the rules of WGSL: columns of matrices, each vec3 in 16 bytes. */
function describeFrame(
  format: VideoPixelFormat,
  space: VideoColorSpaceInit,
  rotation: number,
  flip: boolean,
): ArrayBuffer {
  const bytes = new ArrayBuffer(frameUniformBytes);
  const floats = new Float32Array(bytes);
  const integers = new Uint32Array(bytes);
  const yuv = isPacked(format) ? null : describeYuv(space);
  const writeMatrix = (start: number, rows: readonly number[]): void => {
    for (let i = 0; i < 9; i++) floats[start + 4 * (i % 3) + Math.floor(i / 3)] = rows[i] ?? 0;
  };
  if (yuv) {
    writeMatrix(0, yuv.matrix);
    if (yuv.gamut) writeMatrix(12, yuv.gamut);
    floats.set(yuv.offset, 24);
    integers[27] = Number(yuv.gamut !== null);
  }
  const { matrix, offset } = orient(rotation, flip);
  floats.set([matrix[0], matrix[2], matrix[1], matrix[3], ...offset], 28);
  integers[34] = Number(isOpaqueFormat(format));
  return bytes;
}
