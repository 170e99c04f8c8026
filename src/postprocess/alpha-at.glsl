// How much of a person each pixel of a frame is; the twin of alpha-at.wgsl. Goes before other code.
//
//   coefficients  rgba32f: alpha = rgb · coefficients.rgb + coefficients.a, sampled bilinearly between centres, clamped at the edge. Of an
//                 unrefined mask only a is not 0: the mask itself
//   isRefined     1: what is computed is sharpened by alphaCurve of guided-filter.ts

uniform sampler2D coefficients;
uniform int isRefined;

// color: of the frame there, premultiplied.
float alphaAt(vec2 uv, vec3 color) {
  ivec2 size = textureSize(coefficients, 0);
  vec2 place = uv * vec2(size) - 0.5;
  vec2 base = floor(place);
  vec2 part = place - base;
  ivec2 low = clamp(ivec2(base), ivec2(0), size - 1);
  ivec2 high = clamp(ivec2(base) + 1, ivec2(0), size - 1);
  vec4 above = mix(
    texelFetch(coefficients, low, 0), texelFetch(coefficients, ivec2(high.x, low.y), 0), part.x);
  vec4 below = mix(
    texelFetch(coefficients, ivec2(low.x, high.y), 0), texelFetch(coefficients, high, 0), part.x);
  vec4 fit = mix(above, below, part.y);
  float value = dot(fit.rgb, color) + fit.a;
  return isRefined == 1 ? smoothstep(0.2, 0.8, value) : clamp(value, 0.0, 1.0);
}

