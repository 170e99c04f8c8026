// Computes a mask at the size that is read back.
//
// After alpha-at.wgsl, which has bindings 0 to 2.
// Bindings
//   3  reading  see below
//   4  result   row-major; see the entry points
//
//   writeBytes    levels 0..255 or classes 0 and 1, four to a word, the first in its lowest byte
//   writeFloats   float32
//
// The host dispatches one invocation a word: in x as many as it may, further ones in y.

const workgroupSize = 64u;

struct Reading {
  // In pixels.
  size: vec2u,
  // 1: classes by the threshold; 0: levels.
  isClasses: u32,
  threshold: f32,
}

@group(0) @binding(3) var<uniform> reading: Reading;
@group(0) @binding(4) var<storage, read_write> result: array<u32>;

// Where the mask is smaller than the frame, the colour is the mean of four samples within the pixel.
fn maskAt(index: u32) -> f32 {
  let size = vec2f(reading.size);
  let corner = vec2f(vec2u(index % reading.size.x, index / reading.size.x));
  let step = vec2f(0.5, 0.0);
  var color = colorAt((corner + 0.25) / size) + colorAt((corner + 0.25 + step.xy) / size);
  color += colorAt((corner + 0.25 + step.yx) / size) + colorAt((corner + 0.75) / size);
  return alphaAt((corner + 0.5) / size, color / 4.0);
}

fn colorAt(uv: vec2f) -> vec3f {
  let size = textureDimensions(frame);
  return textureLoad(frame, min(vec2u(uv * vec2f(size)), size - 1u), 0).rgb;
}

fn byteAt(index: u32) -> u32 {
  let value = maskAt(index);
  if (reading.isClasses == 1u) {
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
