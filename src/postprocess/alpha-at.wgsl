// How much of a person each pixel of a frame is. Goes before other code.
//
// Bindings
//   0  frame         premultiplied sRGB
//   1  coefficients  [size.y, size.x]: alpha = rgb · coefficients.rgb + coefficients.a, sampled bilinearly between centres, clamped
//                    at the edge. Of an unrefined mask only a is not 0: the mask itself
//   2  matte         see below

struct Matte {
  // Of the coefficients.
  size: vec2u,
  // 1: what is computed is sharpened by alphaCurve of guided-filter.ts.
  isRefined: u32,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> coefficients: array<vec4f>;
@group(0) @binding(2) var<uniform> matte: Matte;

// color: of the frame there, premultiplied.
fn alphaAt(uv: vec2f, color: vec3f) -> f32 {
  let size = vec2i(matte.size);
  let place = uv * vec2f(size) - 0.5;
  let base = floor(place);
  let part = place - base;
  let low = clamp(vec2i(base), vec2i(0), size - 1);
  let high = clamp(vec2i(base) + 1, vec2i(0), size - 1);
  let above = mix(coefficients[low.y * size.x + low.x], coefficients[low.y * size.x + high.x], part.x);
  let below = mix(coefficients[high.y * size.x + low.x], coefficients[high.y * size.x + high.x], part.x);
  let fit = mix(above, below, part.y);
  let value = dot(fit.rgb, color) + fit.a;
  if (matte.isRefined == 0u) {
    return clamp(value, 0.0, 1.0);
  }
  return smoothstep(0.2, 0.8, value);
}

