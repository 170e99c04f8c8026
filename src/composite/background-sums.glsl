// First step of the background blur: shrinks frame * (1 - m); the twin of background-sums.wgsl.
//
//   frame       premultiplied sRGB
//   targetSize  in pixels
//
// rgb is colour * weight, a is weight.

// After alpha-at.glsl.
uniform sampler2D frame;
uniform ivec2 targetSize;
out vec4 color;

void main() {
  ivec2 frameSize = textureSize(frame, 0);
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  ivec2 first = pixel * frameSize / targetSize;
  ivec2 last = max((pixel + 1) * frameSize / targetSize, first + 1);
  vec4 sum = vec4(0.0);
  for (int y = first.y; y < last.y; y++) {
    for (int x = first.x; x < last.x; x++) {
      vec2 uv = (vec2(float(x), float(y)) + 0.5) / vec2(frameSize);
      vec4 source = texelFetch(frame, ivec2(x, y), 0);
      sum += source * (1.0 - alphaAt(uv, source.rgb));
    }
  }
  color = sum / float((last.x - first.x) * (last.y - first.y));
}
