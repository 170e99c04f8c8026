import { gpuIsDone } from './gl-fence.ts';
import type { GlTexture } from './gl-texture.ts';

interface Staging {
  readonly buffer: WebGLBuffer;
  readonly pixels: Uint8ClampedArray<ArrayBuffer>;
}

/** Reads small textures back without holding anything up: by pixel buffer objects, which are used again. */
export class GlReadBack {
  readonly #gl: WebGL2RenderingContext;
  readonly #free: Staging[] = [];

  constructor(gl: WebGL2RenderingContext) {
    this.#gl = gl;
  }

  /** @returns RGBA, 8 bit, row 0 first. Valid until the next call resolves. Calls may overlap. */
  async read(texture: GlTexture): Promise<Uint8ClampedArray<ArrayBuffer>> {
    const gl = this.#gl;
    const { width, height } = texture;
    const staging = this.#take(4 * width * height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, texture.framebuffer);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, staging.buffer);
    gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, 0);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    await gpuIsDone(gl);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, staging.buffer);
    gl.getBufferSubData(gl.PIXEL_PACK_BUFFER, 0, staging.pixels);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    this.#free.push(staging);
    return staging.pixels;
  }

  #take(sizeBytes: number): Staging {
    const free = this.#free.pop();
    if (free?.pixels.length === sizeBytes) return free;
    const gl = this.#gl;
    if (free) gl.deleteBuffer(free.buffer);
    const buffer = gl.createBuffer();
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, buffer);
    gl.bufferData(gl.PIXEL_PACK_BUFFER, sizeBytes, gl.STREAM_READ);
    gl.bindBuffer(gl.PIXEL_PACK_BUFFER, null);
    return { buffer, pixels: new Uint8ClampedArray(sizeBytes) };
  }
}
