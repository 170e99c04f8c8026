// Draws a picture over a colour so that it covers the target, like object-fit: cover.
//
// A picture that shrinks is averaged over the footprint of the target pixel with bilinear samples at most two
// picture pixels apart; one that grows is interpolated.
//
// Bindings
//   0  picture   premultiplied sRGB; drawn as Display P3 if that is what the target holds
//   1  linear    filtering sampler, clamp-to-edge
//   2  cover     see below
//
// The host computes which part of the picture is visible, and draws three vertices.

struct Cover {
  // Premultiplied, in the colour space of the target.
  color: vec4f,
  // The visible part of the picture, 0..1.
  visibleOrigin: vec2f,
  visibleSize: vec2f,
  // In pixels.
  targetSize: vec2f,
  // 1: the target is Display P3, else sRGB.
  isWide: u32,
}

@group(0) @binding(0) var picture: texture_2d<f32>;
@group(0) @binding(1) var linear: sampler;
@group(0) @binding(2) var<uniform> cover: Cover;

@vertex
fn coverTarget(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(4.0 * corner - 1.0, 0.0, 1.0);
}

// From the linear light of sRGB to that of Display P3, by columns; see display-p3.ts.
const primaries = mat3x3f(
  vec3f(0.82246197, 0.0331942, 0.01708263),
  vec3f(0.17753803, 0.9668058, 0.07239744),
  vec3f(0.0, 0.0, 0.91051993),
);

// Premultiplied sRGB as premultiplied Display P3.
fn widen(color: vec4f) -> vec4f {
  let level = clamp(color.rgb / max(color.a, 0.0001), vec3f(0.0), vec3f(1.0));
  let curved = pow((level + 0.055) / 1.055, vec3f(2.4));
  let light = primaries * select(curved, level / 12.92, level <= vec3f(0.04045));
  let bent = 1.055 * pow(light, vec3f(1.0 / 2.4)) - 0.055;
  let wide = select(bent, 12.92 * light, light <= vec3f(0.0031308));
  return vec4f(wide * color.a, color.a);
}

@fragment
fn drawCover(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let pixelUv = cover.visibleSize / cover.targetSize;
  let footprint = pixelUv * vec2f(textureDimensions(picture));
  let samples = vec2i(max(ceil(footprint / 2.0), vec2f(1.0)));
  let corner = cover.visibleOrigin + (position.xy - 0.5) * pixelUv;
  var sum = vec4f(0.0);
  for (var y = 0; y < samples.y; y++) {
    for (var x = 0; x < samples.x; x++) {
      let part = (vec2f(vec2i(x, y)) + 0.5) / vec2f(samples);
      sum += textureSampleLevel(picture, linear, corner + part * pixelUv, 0.0);
    }
  }
  var color = sum / f32(samples.x * samples.y);
  if (cover.isWide == 1u) {
    color = widen(color);
  }
  return color + cover.color * (1.0 - color.a);
}
