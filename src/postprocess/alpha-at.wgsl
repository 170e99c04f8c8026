// How much of a person each pixel of a frame is. Goes before other code.
//
// Bindings
//   0  frame         premultiplied sRGB
//   1  coefficients  [3, size.y, size.x]: first alpha = rgb · coefficients.rgb + coefficients.a, then the mean colours of the person and of
//                    the room around. Of an unrefined mask only the first, and only its a is not 0: the mask itself
//   2  matte         see below

struct Matte {
  // Of the coefficients.
  size: vec2u,
  // 1: what is computed is sharpened by alphaCurve of guided-filter.ts.
  isRefined: u32,
  // The part of the frame under the coefficients: x, y, width and height as shares of it. Beyond it there is nobody.
  region: vec4f,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> coefficients: array<vec4f>;
@group(0) @binding(2) var<uniform> matte: Matte;

// One of the layers of what is in the buffer, bilinearly between centres, clamped at the edge.
fn matteAt(uv: vec2f, layer: i32) -> vec4f {
  let size = vec2i(matte.size);
  let first = layer * size.x * size.y;
  let place = (uv - matte.region.xy) / matte.region.zw * vec2f(size) - 0.5;
  let base = floor(place);
  let part = place - base;
  let low = clamp(vec2i(base), vec2i(0), size - 1);
  let high = clamp(vec2i(base) + 1, vec2i(0), size - 1);
  let above = first + low.y * size.x;
  let below = first + high.y * size.x;
  return mix(
    mix(coefficients[above + low.x], coefficients[above + high.x], part.x),
    mix(coefficients[below + low.x], coefficients[below + high.x], part.x),
    part.y);
}

// color: of the frame there, premultiplied.
fn alphaAt(uv: vec2f, color: vec3f) -> f32 {
  if (any(uv < matte.region.xy) || any(uv > matte.region.xy + matte.region.zw)) {
    return 0.0;
  }
  let fit = matteAt(uv, 0);
  let value = dot(fit.rgb, color) + fit.a;
  if (matte.isRefined == 0u) {
    return clamp(value, 0.0, 1.0);
  }
  return smoothstep(0.2, 0.8, value);
}

// The colour of the person alone, where a pixel holds some of the background as well: Forte's blur fusion, see
// foreground-colors.ts.
fn foregroundAt(uv: vec2f, color: vec4f, alpha: f32) -> vec4f {
  if (matte.isRefined == 0u || alpha <= 0.0 || alpha >= 1.0 || color.a < 1.0) {
    return color;
  }
  let person = matteAt(uv, 1).rgb;
  let room = matteAt(uv, 2).rgb;
  let rest = color.rgb - alpha * person - (1.0 - alpha) * room;
  return vec4f(clamp(person + alpha * rest, vec3f(0.0), vec3f(1.0)), 1.0);
}

