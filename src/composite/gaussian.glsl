// One direction of a Gaussian blur over weighted sums; the twin of gaussian.wgsl. What lies outside has no weight.
//
//   sums     as large as the target; rgb is colour * weight, a is weight
//   stride   (1, 0) or (0, 1)
//   radius   in pixels
//   weights  of each distance from 0 to radius; both sides add up to 1

uniform sampler2D sums;
uniform ivec2 stride;
uniform int radius;
uniform float weights[16];
out vec4 color;

void main() {
  ivec2 centre = ivec2(gl_FragCoord.xy);
  ivec2 size = textureSize(sums, 0);
  color = vec4(0.0);
  for (int offset = -radius; offset <= radius; offset++) {
    ivec2 place = centre + offset * stride;
    if (all(greaterThanEqual(place, ivec2(0))) && all(lessThan(place, size))) {
      color += weights[abs(offset)] * texelFetch(sums, place, 0);
    }
  }
}
