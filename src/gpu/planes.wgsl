// Converts the planes of a video frame to premultiplied sRGB, upright, at the size of the destination.
//
//   convertYuv     luma and chroma planes, chroma of any size, interpolated linearly
//   convertPacked  one plane of straight RGBA
//
// Bindings
//   0  frame   how the planes are to be read
//   1  destination  rgba8unorm, at display size
//   2  linear  filtering sampler, clamp-to-edge
//   3  first   the luma plane (r8unorm), or the packed one
//   4  second  the plane of blue chroma (r8unorm), or of both (rg8unorm) if isSemiPlanar
//   5  third   the plane of red chroma (r8unorm); not read if isSemiPlanar
//
// Workgroup: 8 x 8 pixels of the destination, one invocation each.
// The host dispatches ceil(width / 8) x ceil(height / 8) workgroups.

override isSemiPlanar = false;

struct Frame {
  // R'G'B' = toRgb * (YUV - offset)
  toRgb: mat3x3f,
  // From the linear light of the frame's primaries to that of sRGB's.
  gamut: mat3x3f,
  offset: vec3f,
  convertsGamut: u32,
  // Place in the planes = turn * place in the destination + start, both 0..1.
  turn: mat2x2f,
  start: vec2f,
  isOpaque: u32,
}

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var destination: texture_storage_2d<rgba8unorm, write>;
@group(0) @binding(2) var linear: sampler;
@group(0) @binding(3) var first: texture_2d<f32>;
@group(0) @binding(4) var second: texture_2d<f32>;
@group(0) @binding(5) var third: texture_2d<f32>;

fn placeOf(pixel: vec2u) -> vec2f {
  return frame.turn * ((vec2f(pixel) + 0.5) / vec2f(textureDimensions(destination))) + frame.start;
}

// IEC 61966-2-1.
fn toLinear(color: vec3f) -> vec3f {
  let low = color / 12.92;
  let high = pow((max(color, vec3f(0.0)) + 0.055) / 1.055, vec3f(2.4));
  return select(high, low, color <= vec3f(0.04045));
}

fn fromLinear(light: vec3f) -> vec3f {
  let low = light * 12.92;
  let high = 1.055 * pow(max(light, vec3f(0.0)), vec3f(1.0 / 2.4)) - 0.055;
  return select(high, low, light <= vec3f(0.0031308));
}

@compute @workgroup_size(8, 8)
fn convertYuv(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= textureDimensions(destination))) {
    return;
  }
  let place = placeOf(id.xy);
  let luma = textureSampleLevel(first, linear, place, 0.0).r;
  var chroma = textureSampleLevel(second, linear, place, 0.0).rg;
  if (!isSemiPlanar) {
    chroma.y = textureSampleLevel(third, linear, place, 0.0).r;
  }
  var rgb = frame.toRgb * (vec3f(luma, chroma) - frame.offset);
  if (frame.convertsGamut != 0u) {
    rgb = fromLinear(frame.gamut * toLinear(clamp(rgb, vec3f(0.0), vec3f(1.0))));
  }
  textureStore(destination, id.xy, vec4f(clamp(rgb, vec3f(0.0), vec3f(1.0)), 1.0));
}

@compute @workgroup_size(8, 8)
fn convertPacked(@builtin(global_invocation_id) id: vec3u) {
  if (any(id.xy >= textureDimensions(destination))) {
    return;
  }
  let color = textureSampleLevel(first, linear, placeOf(id.xy), 0.0);
  let alpha = select(color.a, 1.0, frame.isOpaque != 0u);
  textureStore(destination, id.xy, vec4f(color.rgb * alpha, alpha));
}
