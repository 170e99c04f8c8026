// Draws a frame by its mask. Everything here is premultiplied alpha.
//
// Bindings: 0 frame, 1 mask (float32, 0..1, row-major), 2 parameters, 3 blurred room (see room.wgsl), 4 background
// picture, 5 linear clamping sampler.
// Draws one triangle that covers the target, which has the size of the frame.

const effectNone = 0u;
const effectMask = 1u;
const effectCutout = 2u;
const effectBlur = 3u;
const effectReplace = 4u;

struct Parameters {
  backgroundColor: vec4f,
  // Where the target's corners lie in the background picture: uv * scale + offset.
  coverScale: vec2f,
  coverOffset: vec2f,
  maskSize: vec2u,
  effect: u32,
  hasPicture: u32,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> mask: array<f32>;
@group(0) @binding(2) var<uniform> parameters: Parameters;
@group(0) @binding(3) var room: texture_2d<f32>;
@group(0) @binding(4) var picture: texture_2d<f32>;
@group(0) @binding(5) var linear: sampler;

@vertex
fn cover(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32((index << 1) & 2), f32(index & 2));
  return vec4f(corner * 2 - 1, 0, 1);
}

fn maskAt(pixel: vec2i) -> f32 {
  let limit = vec2i(parameters.maskSize) - 1;
  let p = clamp(pixel, vec2i(0), limit);
  return mask[p.y * (limit.x + 1) + p.x];
}

fn sampleMask(uv: vec2f) -> f32 {
  let corner = uv * vec2f(parameters.maskSize) - 0.5;
  let low = vec2i(floor(corner));
  let part = corner - floor(corner);
  let top = mix(maskAt(low), maskAt(low + vec2i(1, 0)), part.x);
  let bottom = mix(maskAt(low + vec2i(0, 1)), maskAt(low + vec2i(1, 1)), part.x);
  return mix(top, bottom, part.y);
}

fn background(uv: vec2f) -> vec4f {
  if (parameters.effect == effectBlur) {
    let weighted = textureSampleLevel(room, linear, uv, 0);
    return vec4f(weighted.rgb / max(weighted.a, 1e-3), 1);
  }
  if (parameters.effect != effectReplace) {
    return vec4f(0);
  }
  let color = parameters.backgroundColor;
  if (parameters.hasPicture == 0) {
    return color;
  }
  let over = textureSampleLevel(picture, linear, uv * parameters.coverScale + parameters.coverOffset, 0);
  return over + color * (1 - over.a);
}

@fragment
fn main(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let color = textureLoad(frame, vec2u(position.xy), 0);
  if (parameters.effect == effectNone) {
    return color;
  }
  let uv = position.xy / vec2f(textureDimensions(frame));
  let person = sampleMask(uv);
  if (parameters.effect == effectMask) {
    return vec4f(vec3f(person), 1);
  }
  return color * person + background(uv) * (1 - person);
}
