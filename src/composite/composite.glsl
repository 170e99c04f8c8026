// Draws a frame with its mask; the twin of composite.wgsl. All colours in and out are premultiplied sRGB.
//
//   EFFECT      0 none, 1 mask, 2 cutout, 3 blur, 4 replace
//
//   frame       as large as the target, row 0 on top
//   backdrop    any size, stretched over the target; for blur the sums of frame * (1 - m), whose alpha is the weight to divide by
//   isUpsideDown  1 on a canvas, whose row 0 is at the bottom

// After alpha-at.glsl.
uniform sampler2D frame;
uniform sampler2D backdrop;
uniform int isUpsideDown;
out vec4 color;

void main() {
  ivec2 size = textureSize(frame, 0);
  vec2 position = gl_FragCoord.xy;
  if (isUpsideDown == 1) position.y = float(size.y) - position.y;
  vec2 uv = position / vec2(size);
  vec4 source = texelFetch(frame, ivec2(position), 0);
#if EFFECT == 0
  color = source;
#elif EFFECT == 1
  color = vec4(vec3(alphaAt(uv, source.rgb)), 1.0);
#elif EFFECT == 2
  float m = alphaAt(uv, source.rgb);
  color = foregroundAt(uv, source, m) * m;
#elif EFFECT == 3
  float m = alphaAt(uv, source.rgb);
  vec4 sums = textureLod(backdrop, uv, 0.0);
  // Deep inside the foreground there is no background to weigh, and 1 - m is 0.
  vec3 background = clamp(sums.rgb / max(sums.a, 0.0001), 0.0, 1.0);
  color = source * m + vec4(background, 1.0) * source.a * (1.0 - m);
#else
  float m = alphaAt(uv, source.rgb);
  vec4 foreground = foregroundAt(uv, source, m) * m;
  color = foreground + textureLod(backdrop, uv, 0.0) * (1.0 - foreground.a);
#endif
}
