/** A WebGL2 context for pictures: no depth, no antialiasing, premultiplied alpha. Null where there is none. */
export function createGlContext(canvas: OffscreenCanvas): WebGL2RenderingContext | null {
  return canvas.getContext('webgl2', {
    alpha: true,
    antialias: false,
    depth: false,
    premultipliedAlpha: true,
    stencil: false,
  });
}

/** Names of WebGL implementations that run on the CPU. */
const softwareNames = /swiftshader|llvmpipe|softpipe|software|basic render/i;

/**
 * Whether there is WebGL2 on a GPU, able to render to half floats. Chrome gives SwiftShader even to those who ask that it fail with
 * a major performance caveat (measured, 156), so its name counts as well.
 */
export function hasHardwareGl(): boolean {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2', { failIfMajorPerformanceCaveat: true });
  if (!gl) return false;
  const names = gl.getExtension('WEBGL_debug_renderer_info');
  const name = String(gl.getParameter(names ? names.UNMASKED_RENDERER_WEBGL : gl.RENDERER));
  const isUsable = !softwareNames.test(name) && canRenderFloats(gl);
  // Browsers keep sixteen contexts and take the oldest away.
  gl.getExtension('WEBGL_lose_context')?.loseContext();
  return isUsable;
}

/** Must be asked for before textures of half floats are rendered to. */
export function canRenderFloats(gl: WebGL2RenderingContext): boolean {
  return (
    gl.getExtension('EXT_color_buffer_float') !== null ||
    gl.getExtension('EXT_color_buffer_half_float') !== null
  );
}
