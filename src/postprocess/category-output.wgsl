// Stretches a map of classes, to the nearest pixel, to the size that is read back.
//
// Bindings
//   0  categories  float32, [maskHeight, maskWidth], row-major: indices of classes
//   1  size        of the result, in pixels
//   2  matte       as in alpha-at.wgsl: beyond its region everything is background, 0
//   3  result      indices, four to a word, the first in its lowest byte, row-major
//
// The host dispatches one invocation a word: in x as many as it may, further ones in y.

override maskWidth: u32;
override maskHeight: u32;

const workgroupSize = 64u;

@group(0) @binding(0) var<storage, read> categories: array<f32>;
@group(0) @binding(1) var<uniform> size: vec2u;
@group(0) @binding(2) var<uniform> matte: Matte;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

struct Matte {
  size: vec2u,
  isRefined: u32,
  region: vec4f,
}

fn categoryAt(index: u32) -> u32 {
  let pixel = vec2u(index % size.x, index / size.x);
  let maskSize = vec2u(maskWidth, maskHeight);
  if (all(matte.region == vec4f(0.0, 0.0, 1.0, 1.0))) {
    // (pixel + 0.5) * maskSize / size, rounded down, in whole numbers.
    let nearest = (2u * pixel + 1u) * maskSize / (2u * size);
    return u32(categories[nearest.y * maskWidth + nearest.x]);
  }
  let uv = (vec2f(pixel) + 0.5) / vec2f(size);
  let place = (uv - matte.region.xy) / matte.region.zw;
  if (any(place < vec2f(0.0)) || any(place >= vec2f(1.0))) {
    return 0u;
  }
  let nearest = min(vec2u(place * vec2f(maskSize)), maskSize - 1u);
  return u32(categories[nearest.y * maskWidth + nearest.x]);
}

@compute @workgroup_size(workgroupSize)
fn writeCategories(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = id.y * groups.x * workgroupSize + id.x;
  let pixels = size.x * size.y;
  if (4u * word >= pixels) {
    return;
  }
  var bytes = 0u;
  for (var i = 0u; i < 4u; i++) {
    // Past the last pixel the word is filled up with it.
    bytes |= categoryAt(min(4u * word + i, pixels - 1u)) << (8u * i);
  }
  result[word] = bytes;
}
