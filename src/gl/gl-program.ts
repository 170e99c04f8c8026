import type { GlTexture } from './gl-texture.ts';

/** A value of a uniform: a number, or two or four for a vector, or more for an array of floats. */
export type UniformValue = number | readonly number[];

/** Where to draw: a texture, or the canvas, whose size is given. */
export type GlTarget = GlTexture | { readonly width: number; readonly height: number };

const coverTarget = `#version 300 es
void main() {
  vec2 corner = vec2(float(gl_VertexID & 1), float(gl_VertexID >> 1));
  gl_Position = vec4(4.0 * corner - 1.0, 0.0, 1.0);
}
`;

/** A fragment shader that is run on every pixel of a target. */
export class GlProgram {
  readonly #gl: WebGL2RenderingContext;
  readonly #program: WebGLProgram;
  readonly #uniforms = new Map<string, { location: WebGLUniformLocation; type: number }>();

  /**
   * Throws if the shader is wrong, but not if the context is lost.
   *
   * @param code - GLSL ES 3.00 without its version line.
   * @param constants - Become `#define`s.
   */
  constructor(
    gl: WebGL2RenderingContext,
    code: string,
    constants: Readonly<Record<string, number>> = {},
  ) {
    this.#gl = gl;
    const defines = Object.entries(constants).map(([name, value]) => `#define ${name} ${value}\n`);
    const head = '#version 300 es\nprecision highp float;\nprecision highp int;\n';
    this.#program = gl.createProgram();
    this.#attach(gl.VERTEX_SHADER, coverTarget);
    this.#attach(gl.FRAGMENT_SHADER, head + defines.join('') + code);
    gl.linkProgram(this.#program);
    if (!gl.getProgramParameter(this.#program, gl.LINK_STATUS) && !gl.isContextLost()) {
      const shaders = gl.getAttachedShaders(this.#program) ?? [];
      const logs = shaders.map((shader) => gl.getShaderInfoLog(shader) ?? '');
      throw new Error([...logs, gl.getProgramInfoLog(this.#program) ?? ''].join('\n').trim());
    }
    this.#findUniforms();
  }

  /**
   * Runs the shader over all of the target.
   *
   * @param textures - By the names of their samplers.
   */
  draw(
    target: GlTarget,
    textures: Readonly<Record<string, GlTexture>>,
    uniforms: Readonly<Record<string, UniformValue>> = {},
  ): void {
    const gl = this.#gl;
    gl.bindFramebuffer(gl.FRAMEBUFFER, 'framebuffer' in target ? target.framebuffer : null);
    gl.viewport(0, 0, target.width, target.height);
    gl.useProgram(this.#program);
    for (const [unit, [name, { texture }]] of Object.entries(textures).entries()) {
      gl.activeTexture(gl.TEXTURE0 + unit);
      gl.bindTexture(gl.TEXTURE_2D, texture);
      this.#set(name, unit);
    }
    gl.activeTexture(gl.TEXTURE0);
    for (const [name, value] of Object.entries(uniforms)) this.#set(name, value);
    gl.drawArrays(gl.TRIANGLES, 0, 3);
  }

  #attach(type: number, code: string): void {
    const gl = this.#gl;
    const shader = gl.createShader(type);
    if (!shader) return;
    gl.shaderSource(shader, code);
    gl.compileShader(shader);
    gl.attachShader(this.#program, shader);
  }

  #findUniforms(): void {
    const gl = this.#gl;
    const count = (gl.getProgramParameter(this.#program, gl.ACTIVE_UNIFORMS) as number | null) ?? 0;
    for (let i = 0; i < count; i++) {
      const info = gl.getActiveUniform(this.#program, i);
      const location = info && gl.getUniformLocation(this.#program, info.name);
      // Arrays are listed by their first element.
      if (location) {
        this.#uniforms.set(info.name.replace('[0]', ''), { location, type: info.type });
      }
    }
  }

  /** What the compiler left out is passed over. */
  #set(name: string, value: UniformValue): void {
    const gl = this.#gl;
    const uniform = this.#uniforms.get(name);
    if (!uniform) return;
    const { location, type } = uniform;
    const values = typeof value === 'number' ? [value] : value;
    switch (type) {
      case gl.FLOAT:
        return gl.uniform1fv(location, values);
      case gl.FLOAT_VEC2:
        return gl.uniform2fv(location, values);
      case gl.FLOAT_VEC4:
        return gl.uniform4fv(location, values);
      case gl.INT_VEC2:
        return gl.uniform2iv(location, values);
      default:
        return gl.uniform1iv(location, values);
    }
  }
}
