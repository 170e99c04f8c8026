// Samples a mask bilinearly between pixel centres, clamped at the edge, as the WGSL shaders do. Goes before other code.
//
//   mask  r32f, 0..1

uniform sampler2D mask;

float maskAt(vec2 uv) {
  ivec2 size = textureSize(mask, 0);
  vec2 place = uv * vec2(size) - 0.5;
  vec2 base = floor(place);
  vec2 part = place - base;
  ivec2 low = clamp(ivec2(base), ivec2(0), size - 1);
  ivec2 high = clamp(ivec2(base) + 1, ivec2(0), size - 1);
  float above = mix(
    texelFetch(mask, low, 0).r, texelFetch(mask, ivec2(high.x, low.y), 0).r, part.x);
  float below = mix(
    texelFetch(mask, ivec2(low.x, high.y), 0).r, texelFetch(mask, high, 0).r, part.x);
  return clamp(mix(above, below, part.y), 0.0, 1.0);
}

