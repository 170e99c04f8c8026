/** What a texture holds. */
export type GlFormat = 'rgba8' | 'rgba16f' | 'rgba32f';

/** A 2D texture, clamped at its edges. Row 0 is the top of the picture. The owner destroys it. */
export class GlTexture {
  readonly #gl: WebGL2RenderingContext;
  readonly #format: GlFormat;
  readonly texture: WebGLTexture;
  #framebuffer: WebGLFramebuffer | null = null;
  #width = 0;
  #height = 0;

  constructor(gl: WebGL2RenderingContext, format: GlFormat) {
    this.#gl = gl;
    this.#format = format;
    this.texture = gl.createTexture();
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const filter = format === 'rgba32f' ? gl.NEAREST : gl.LINEAR;
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, filter);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
    gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  }

  get width(): number {
    return this.#width;
  }

  get height(): number {
    return this.#height;
  }

  /** Makes room, and empties the texture if, and only if, the size changes. */
  resize(width: number, height: number): this {
    if (width === this.#width && height === this.#height) return this;
    const gl = this.#gl;
    const [internal, format, type] = layoutOf(gl, this.#format);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    gl.texImage2D(gl.TEXTURE_2D, 0, internal, width, height, 0, format, type, null);
    this.#width = width;
    this.#height = height;
    return this;
  }

  /** Replaces all pixels. A picture comes premultiplied, in the colour space wanted; numbers as they are. */
  write(
    source: TexImageSource | Float32Array | Uint8Array,
    colorSpace: PredefinedColorSpace = 'srgb',
  ): void {
    const gl = this.#gl;
    const [, format, type] = layoutOf(gl, this.#format);
    gl.bindTexture(gl.TEXTURE_2D, this.texture);
    const isPicture = !ArrayBuffer.isView(source);
    gl.pixelStorei(gl.UNPACK_PREMULTIPLY_ALPHA_WEBGL, isPicture);
    gl.unpackColorSpace = colorSpace;
    const size = [this.width, this.height] as const;
    if (isPicture) gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, ...size, format, type, source);
    else gl.texSubImage2D(gl.TEXTURE_2D, 0, 0, 0, ...size, format, type, source);
  }

  /** Waits for the GPU. Of `rgba8`, as it is: premultiplied. */
  read(): Uint8Array<ArrayBuffer> {
    const gl = this.#gl;
    const pixels = new Uint8Array(4 * this.width * this.height);
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.framebuffer);
    gl.readPixels(0, 0, this.width, this.height, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
    return pixels;
  }

  /** To render to. */
  get framebuffer(): WebGLFramebuffer {
    if (this.#framebuffer) return this.#framebuffer;
    const gl = this.#gl;
    this.#framebuffer = gl.createFramebuffer();
    gl.bindFramebuffer(gl.FRAMEBUFFER, this.#framebuffer);
    gl.framebufferTexture2D(gl.FRAMEBUFFER, gl.COLOR_ATTACHMENT0, gl.TEXTURE_2D, this.texture, 0);
    return this.#framebuffer;
  }

  destroy(): void {
    this.#gl.deleteTexture(this.texture);
    this.#gl.deleteFramebuffer(this.#framebuffer);
  }
}

function layoutOf(
  gl: WebGL2RenderingContext,
  format: GlFormat,
): [internal: number, format: number, type: number] {
  switch (format) {
    case 'rgba8':
      return [gl.RGBA8, gl.RGBA, gl.UNSIGNED_BYTE];
    case 'rgba16f':
      return [gl.RGBA16F, gl.RGBA, gl.HALF_FLOAT];
    case 'rgba32f':
      return [gl.RGBA32F, gl.RGBA, gl.FLOAT];
    default:
      return format satisfies never;
  }
}
