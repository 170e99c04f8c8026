// Resizes a mask bilinearly, between pixel centres and clamped at the edge, into what is read back.
//
// Bindings
//   0  mask     float32, [maskHeight, maskWidth], row-major: 0..1, or indices of classes
//   1  reading  see below
//   2  result   row-major; see the entry points
//
//   writeBytes    levels 0..255, classes 0 and 1, or indices, four to a word, the first in its lowest byte
//   writeFloats   float32
//
// The host dispatches one invocation a word: in x as many as it may, further ones in y.

override maskWidth: u32;
override maskHeight: u32;

const workgroupSize = 64u;

struct Reading {
  // In pixels.
  size: vec2u,
  // 0: levels; 1: classes by the threshold; 2: indices, those of the nearest pixel.
  values: u32,
  threshold: f32,
}

@group(0) @binding(0) var<storage, read> mask: array<f32>;
@group(0) @binding(1) var<uniform> reading: Reading;
@group(0) @binding(2) var<storage, read_write> result: array<u32>;

fn maskAt(index: u32) -> f32 {
  let size = vec2i(i32(maskWidth), i32(maskHeight));
  let pixel = vec2u(index % reading.size.x, index / reading.size.x);
  let place = (vec2f(pixel) + 0.5) * vec2f(size) / vec2f(reading.size) - 0.5;
  let clamped = clamp(place, vec2f(0.0), vec2f(size) - 1.0);
  let low = vec2i(clamped);
  let high = min(low + 1, size - 1);
  let part = clamped - vec2f(low);
  let above = mix(mask[low.y * size.x + low.x], mask[low.y * size.x + high.x], part.x);
  let below = mix(mask[high.y * size.x + low.x], mask[high.y * size.x + high.x], part.x);
  return mix(above, below, part.y);
}

fn categoryAt(index: u32) -> u32 {
  let size = vec2u(maskWidth, maskHeight);
  let pixel = vec2u(index % reading.size.x, index / reading.size.x);
  // (pixel + 0.5) * size / reading.size, rounded down, in whole numbers.
  let nearest = (2u * pixel + 1u) * size / (2u * reading.size);
  return u32(mask[nearest.y * size.x + nearest.x]);
}

fn byteAt(index: u32) -> u32 {
  if (reading.values == 2u) {
    return categoryAt(index);
  }
  let value = maskAt(index);
  if (reading.values == 1u) {
    return select(0u, 1u, value >= reading.threshold);
  }
  return u32(round(255.0 * clamp(value, 0.0, 1.0)));
}

@compute @workgroup_size(workgroupSize)
fn writeBytes(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = id.y * groups.x * workgroupSize + id.x;
  let pixels = reading.size.x * reading.size.y;
  if (4u * word >= pixels) {
    return;
  }
  var bytes = 0u;
  for (var i = 0u; i < 4u; i++) {
    // Past the last pixel the word is filled up with it.
    bytes |= byteAt(min(4u * word + i, pixels - 1u)) << (8u * i);
  }
  result[word] = bytes;
}

@compute @workgroup_size(workgroupSize)
fn writeFloats(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = id.y * groups.x * workgroupSize + id.x;
  if (word >= reading.size.x * reading.size.y) {
    return;
  }
  result[word] = bitcast<u32>(maskAt(word));
}
