// How much of a person each pixel of a frame is; the twin of alpha-at.wgsl. Goes before other code.
//
//   coefficients  rgba32f, three layers one under the other: alpha = rgb · coefficients.rgb + coefficients.a, sampled bilinearly between centres,
//                 clamped at the edge; the mean colours of the person and of the room around. Of an unrefined mask only the first,
//                 and only its a is not 0: the mask itself
//   region        the part of the frame under the coefficients: x, y, width and height as shares of it; beyond it there is nobody
//   isRefined     1: what is computed is sharpened by alphaCurve of guided-filter.ts

uniform sampler2D coefficients;
uniform vec4 region;
uniform int isRefined;

// One of the layers of the texture, which are three of a fit and one of an unrefined mask.
vec4 matteAt(vec2 uv, int layer) {
  ivec2 size = textureSize(coefficients, 0);
  if (isRefined == 1) size.y /= 3;
  ivec2 first = ivec2(0, layer * size.y);
  vec2 place = (uv - region.xy) / region.zw * vec2(size) - 0.5;
  vec2 base = floor(place);
  vec2 part = place - base;
  ivec2 low = first + clamp(ivec2(base), ivec2(0), size - 1);
  ivec2 high = first + clamp(ivec2(base) + 1, ivec2(0), size - 1);
  vec4 above = mix(
    texelFetch(coefficients, low, 0), texelFetch(coefficients, ivec2(high.x, low.y), 0), part.x);
  vec4 below = mix(
    texelFetch(coefficients, ivec2(low.x, high.y), 0), texelFetch(coefficients, high, 0), part.x);
  return mix(above, below, part.y);
}

// color: of the frame there, premultiplied.
float alphaAt(vec2 uv, vec3 color) {
  if (any(lessThan(uv, region.xy)) || any(greaterThan(uv, region.xy + region.zw))) return 0.0;
  vec4 fit = matteAt(uv, 0);
  float value = dot(fit.rgb, color) + fit.a;
  return isRefined == 1 ? smoothstep(0.2, 0.8, value) : clamp(value, 0.0, 1.0);
}

// The colour of the person alone, where a pixel holds some of the background as well.
vec4 foregroundAt(vec2 uv, vec4 color, float alpha) {
  if (isRefined == 0 || alpha <= 0.0 || alpha >= 1.0 || color.a < 1.0) return color;
  vec3 person = matteAt(uv, 1).rgb;
  vec3 room = matteAt(uv, 2).rgb;
  vec3 rest = color.rgb - alpha * person - (1.0 - alpha) * room;
  return vec4(clamp(person + alpha * rest, 0.0, 1.0), 1.0);
}

