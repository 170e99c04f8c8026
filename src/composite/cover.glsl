// Draws a picture over a colour so that it covers the target, like object-fit: cover; the twin of cover.wgsl.
//
//   picture                     premultiplied sRGB; drawn as Display P3 if that is what the target holds
//   fillColor                   premultiplied, in the colour space of the target
//   visibleOrigin, visibleSize  the visible part of the picture, 0..1
//   targetSize                  in pixels
//   isWide                      whether the target is Display P3, else sRGB

uniform sampler2D picture;
uniform vec4 fillColor;
uniform vec2 visibleOrigin;
uniform vec2 visibleSize;
uniform vec2 targetSize;
uniform bool isWide;
out vec4 color;

// From the linear light of sRGB to that of Display P3, by columns; see display-p3.ts.
const mat3 primaries = mat3(
  vec3(0.82246197, 0.0331942, 0.01708263),
  vec3(0.17753803, 0.9668058, 0.07239744),
  vec3(0.0, 0.0, 0.91051993)
);

// Premultiplied sRGB as premultiplied Display P3.
vec4 widen(vec4 narrow) {
  vec3 level = clamp(narrow.rgb / max(narrow.a, 0.0001), 0.0, 1.0);
  vec3 curved = pow((level + 0.055) / 1.055, vec3(2.4));
  vec3 light = primaries * mix(curved, level / 12.92, lessThanEqual(level, vec3(0.04045)));
  vec3 bent = 1.055 * pow(light, vec3(1.0 / 2.4)) - 0.055;
  vec3 wide = mix(bent, 12.92 * light, lessThanEqual(light, vec3(0.0031308)));
  return vec4(wide * narrow.a, narrow.a);
}

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
  if (isWide) mean = widen(mean);
  color = mean + fillColor * (1.0 - mean.a);
}
