// Samples a frame into a model's input size; the twin of preprocess.wgsl, in levels of 255.
//
//   frame       premultiplied: what is transparent counts as black
//   targetSize  in pixels

uniform sampler2D frame;
uniform ivec2 targetSize;
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

Footprint footprintOf(int index, int sourceSize, int size) {
  float scale = float(sourceSize) / float(size);
  if (scale < 1.0) {
    float centre = (float(index) + 0.5) * scale - 0.5;
    int first = int(floor(centre));
    return Footprint(first, first + 1, false, centre, centre);
  }
  float begin = float(index) * scale;
  float end = float(index + 1) * scale;
  return Footprint(int(floor(begin)), min(int(ceil(end)), sourceSize) - 1, true, begin, end);
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
  Footprint columns = footprintOf(pixel.x, size.x, targetSize.x);
  Footprint rows = footprintOf(pixel.y, size.y, targetSize.y);
  vec3 sum = vec3(0.0);
  float total = 0.0;
  for (int y = rows.first; y <= rows.last; y++) {
    float rowWeight = weightOf(y, rows);
    for (int x = columns.first; x <= columns.last; x++) {
      float weight = rowWeight * weightOf(x, columns);
      sum += weight * texelFetch(frame, clamp(ivec2(x, y), ivec2(0), size - 1), 0).rgb;
      total += weight;
    }
  }
  color = vec4(sum / total, 1.0);
}
