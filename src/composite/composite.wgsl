// Draws a frame with its mask, one entry point for each effect. All colours in and out are premultiplied sRGB.
//
//   drawNone     the frame
//   drawMask     the mask in opaque grey
//   drawCutout   frame * m, in the colours of the person alone
//   drawBlur     frame * m + background * (1 - m), the background as opaque as the frame
//   drawReplace  the same over the backdrop
//
// After alpha-at.wgsl, which has group 0; the frame is as large as the target.
// Bindings, group 1 (drawBlur and drawReplace)
//   0  backdrop  any size, stretched over the target; for drawBlur the blurred sums of frame * (1 - m), whose alpha
//                is the weight to divide by
//   1  linear    filtering sampler, clamp-to-edge
//
// The host draws three vertices.

@group(1) @binding(0) var backdrop: texture_2d<f32>;
@group(1) @binding(1) var linear: sampler;

@vertex
fn coverTarget(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(4.0 * corner - 1.0, 0.0, 1.0);
}

fn uvOf(position: vec4f) -> vec2f {
  return position.xy / vec2f(textureDimensions(frame));
}

fn frameAt(position: vec4f) -> vec4f {
  return textureLoad(frame, vec2u(position.xy), 0);
}

@fragment
fn drawNone(@builtin(position) position: vec4f) -> @location(0) vec4f {
  return frameAt(position);
}

@fragment
fn drawMask(@builtin(position) position: vec4f) -> @location(0) vec4f {
  return vec4f(vec3f(alphaAt(uvOf(position), frameAt(position).rgb)), 1.0);
}

@fragment
fn drawCutout(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let color = frameAt(position);
  let m = alphaAt(uvOf(position), color.rgb);
  return foregroundAt(uvOf(position), color, m) * m;
}

@fragment
fn drawBlur(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let color = frameAt(position);
  let m = alphaAt(uvOf(position), color.rgb);
  let sums = textureSampleLevel(backdrop, linear, uvOf(position), 0.0);
  // Deep inside the foreground there is no background to weigh, and 1 - m is 0.
  let background = clamp(sums.rgb / max(sums.a, 0.0001), vec3f(0.0), vec3f(1.0));
  return color * m + vec4f(background, 1.0) * color.a * (1.0 - m);
}

@fragment
fn drawReplace(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let color = frameAt(position);
  let m = alphaAt(uvOf(position), color.rgb);
  let foreground = foregroundAt(uvOf(position), color, m) * m;
  let behind = textureSampleLevel(backdrop, linear, uvOf(position), 0.0);
  return foreground + behind * (1.0 - foreground.a);
}
