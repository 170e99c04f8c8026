// Draws a picture over a colour so that it covers the target, like object-fit: cover; the twin of cover.wgsl.
//
//   picture                     premultiplied sRGB
//   fillColor                   premultiplied
//   visibleOrigin, visibleSize  the visible part of the picture, 0..1
//   targetSize                  in pixels

uniform sampler2D picture;
uniform vec4 fillColor;
uniform vec2 visibleOrigin;
uniform vec2 visibleSize;
uniform vec2 targetSize;
out vec4 color;

void main() {
  vec2 pixelUv = visibleSize / targetSize;
  vec2 footprint = pixelUv * vec2(textureSize(picture, 0));
  ivec2 samples = ivec2(max(ceil(footprint / 2.0), vec2(1.0)));
  vec2 corner = visibleOrigin + (gl_FragCoord.xy - 0.5) * pixelUv;
  vec4 sum = vec4(0.0);
  for (int y = 0; y < samples.y; y++) {
    for (int x = 0; x < samples.x; x++) {
      vec2 part = (vec2(ivec2(x, y)) + 0.5) / vec2(samples);
      sum += textureLod(picture, corner + part * pixelUv, 0.0);
    }
  }
  vec4 mean = sum / float(samples.x * samples.y);
  color = mean + fillColor * (1.0 - mean.a);
}
