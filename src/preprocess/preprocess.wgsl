// Samples a frame into a model's input tensor.
//
// Stretches the frame, or a part of it, to targetWidth x targetHeight. An axis that shrinks is averaged over the exact footprint of the
// target pixel, parts of source pixels counting by their share, so that fine patterns turn grey instead of aliasing.
// An axis that grows is interpolated linearly between pixel centres, clamped at the edge.
//
// Bindings
//   0  source  the frame, premultiplied sRGB: transparent parts count as black
//   1  tensor  float32, [1, targetHeight, targetWidth, 3], or [1, 3, targetHeight, targetWidth] if isPlanar
//   2  region  the part of the frame that is sampled: x, y, width and height as shares of it, between whole pixels
//
// Workgroup: 8 x 8 target pixels, one invocation each.
// The host dispatches ceil(targetWidth / 8) x ceil(targetHeight / 8) workgroups.

override targetWidth: u32;
override targetHeight: u32;
override isPlanar: bool;
override isBgr: bool;
// What 0 and 255 become in each channel.
override redLow: f32;
override redHigh: f32;
override greenLow: f32;
override greenHigh: f32;
override blueLow: f32;
override blueHigh: f32;

@group(0) @binding(0) var source: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> tensor: array<f32>;
@group(0) @binding(2) var<uniform> region: vec4f;

// The source pixels that one target pixel covers along one axis.
struct Footprint {
  first: i32,
  last: i32,
  isShrinking: bool,
  // In source pixels: both ends where the axis shrinks, the centre between two pixel centres where it grows.
  begin: f32,
  end: f32,
}

// start and length: of the part that is sampled, in pixels.
fn footprintOf(index: u32, start: i32, length: i32, targetSize: u32) -> Footprint {
  let scale = f32(length) / f32(targetSize);
  if (scale < 1.0) {
    let centre = (f32(index) + 0.5) * scale - 0.5;
    let first = start + i32(floor(centre));
    return Footprint(first, first + 1, false, f32(start) + centre, f32(start) + centre);
  }
  let begin = f32(index) * scale;
  let end = f32(index + 1u) * scale;
  let last = min(i32(ceil(end)), length) - 1;
  return Footprint(
    start + i32(floor(begin)), start + last, true, f32(start) + begin, f32(start) + end);
}

fn weightOf(pixel: i32, footprint: Footprint) -> f32 {
  let left = f32(pixel);
  if (footprint.isShrinking) {
    return max(0.0, min(left + 1.0, footprint.end) - max(left, footprint.begin));
  }
  return 1.0 - abs(left - footprint.begin);
}

@compute @workgroup_size(8, 8)
fn preprocess(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= targetWidth || id.y >= targetHeight) {
    return;
  }
  let size = vec2f(textureDimensions(source));
  let start = vec2i(round(region.xy * size));
  let sides = vec2i(round(region.zw * size));
  let columns = footprintOf(id.x, start.x, sides.x, targetWidth);
  let rows = footprintOf(id.y, start.y, sides.y, targetHeight);

  var sum = vec3f(0.0);
  var total = 0.0;
  for (var y = rows.first; y <= rows.last; y++) {
    let rowWeight = weightOf(y, rows);
    for (var x = columns.first; x <= columns.last; x++) {
      let weight = rowWeight * weightOf(x, columns);
      sum += weight * textureLoad(source, clamp(vec2i(x, y), start, start + sides - 1), 0).rgb;
      total += weight;
    }
  }
  let low = vec3f(redLow, greenLow, blueLow);
  let rgb = mix(low, vec3f(redHigh, greenHigh, blueHigh), sum / total);
  let channels = select(rgb, rgb.bgr, isBgr);

  let pixel = id.y * targetWidth + id.x;
  let plane = targetWidth * targetHeight;
  let first = select(3u * pixel, pixel, isPlanar);
  let stride = select(1u, plane, isPlanar);
  tensor[first] = channels.x;
  tensor[first + stride] = channels.y;
  tensor[first + 2u * stride] = channels.z;
}
