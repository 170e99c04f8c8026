// Samples a frame into a model's input size; the twin of preprocess.wgsl, in levels of 255.
//
//   frame       premultiplied: what is transparent counts as black
//   targetSize  in pixels
//   region      the part of the frame that is sampled: x, y, width and height as shares of it, between whole pixels

uniform sampler2D frame;
uniform ivec2 targetSize;
uniform vec4 region;
out vec4 color;

// The source pixels that one target pixel covers along one axis.
struct Footprint {
  int first;
  int last;
  bool isShrinking;
  // In source pixels: both ends where the axis shrinks, the centre between two pixel centres where it grows.
  float begin;
  float end;
};

// start and length: of the part that is sampled, in pixels.
Footprint footprintOf(int index, int start, int length, int size) {
  float scale = float(length) / float(size);
  if (scale < 1.0) {
    float centre = (float(index) + 0.5) * scale - 0.5;
    int first = start + int(floor(centre));
    return Footprint(first, first + 1, false, float(start) + centre, float(start) + centre);
  }
  float begin = float(index) * scale;
  float end = float(index + 1) * scale;
  int last = min(int(ceil(end)), length) - 1;
  return Footprint(
    start + int(floor(begin)), start + last, true, float(start) + begin, float(start) + end);
}

float weightOf(int pixel, Footprint footprint) {
  float left = float(pixel);
  if (footprint.isShrinking) {
    return max(0.0, min(left + 1.0, footprint.end) - max(left, footprint.begin));
  }
  return 1.0 - abs(left - footprint.begin);
}

void main() {
  ivec2 pixel = ivec2(gl_FragCoord.xy);
  ivec2 size = textureSize(frame, 0);
  ivec2 start = ivec2(round(region.xy * vec2(size)));
  ivec2 sides = ivec2(round(region.zw * vec2(size)));
  Footprint columns = footprintOf(pixel.x, start.x, sides.x, targetSize.x);
  Footprint rows = footprintOf(pixel.y, start.y, sides.y, targetSize.y);
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int y = rows.first; y <= rows.last; y++) {
    float rowWeight = weightOf(y, rows);
    for (int x = columns.first; x <= columns.last; x++) {
      float weight = rowWeight * weightOf(x, columns);
      sum += weight * texelFetch(frame, clamp(ivec2(x, y), start, start + sides - 1), 0).rgb;
      total += weight;
    }
  }
  color = vec4(sum / total, 1.0);
}
