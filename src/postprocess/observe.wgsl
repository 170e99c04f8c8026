// First step of a mask on its way from the model: keeps what the model saw, and measures how much that has changed since the last frame.
//
// Bindings
//   0  tensor   the model's input, float32, [1, inputHeight, inputWidth, 3], or [1, 3, inputHeight, inputWidth] if isPlanar
//   1  last     [maskHeight, maskWidth], RGBA of 8 bits each: what the model saw before
//   2  seen     the same of this frame; written
//   3  changes  one for each block of blockPx x blockPx mask pixels, row-major: mean over its pixels of the largest difference of red, green
//               and blue, 0..1; written
//   4  total    sum over all pixels, in 1/1024; added to
//   5  tracking  see below
//
// Workgroup: 8 x 8 blocks, one invocation each.
// The host clears total before, and dispatches enough workgroups for all blocks.

override inputWidth: u32;
override inputHeight: u32;
override maskWidth: u32;
override maskHeight: u32;
override isPlanar: bool;
override isBgr: bool;
// What 0 and 255 became in each channel.
override redLow: f32;
override redHigh: f32;
override greenLow: f32;
override greenHigh: f32;
override blueLow: f32;
override blueHigh: f32;
override blockPx: u32;

// Which part of the frame the model saw: x, y, width and height as shares of it.
struct Tracking {
  region: vec4f,
  // The same of the frame before.
  before: vec4f,
}

@group(0) @binding(0) var<storage, read> tensor: array<f32>;
@group(0) @binding(1) var<storage, read> last: array<u32>;
@group(0) @binding(2) var<storage, read_write> seen: array<u32>;
@group(0) @binding(3) var<storage, read_write> changes: array<f32>;
@group(0) @binding(4) var<storage, read_write> total: atomic<u32>;
@group(0) @binding(5) var<uniform> tracking: Tracking;

// The pixel of the model's input over the centre of a mask pixel.
fn inputAt(x: u32, y: u32) -> vec3f {
  let column = (2u * x + 1u) * inputWidth / (2u * maskWidth);
  let row = (2u * y + 1u) * inputHeight / (2u * maskHeight);
  let pixel = row * inputWidth + column;
  let first = select(3u * pixel, pixel, isPlanar);
  let stride = select(1u, inputWidth * inputHeight, isPlanar);
  let channels = vec3f(tensor[first], tensor[first + stride], tensor[first + 2u * stride]);
  let low = vec3f(redLow, greenLow, blueLow);
  return (select(channels, channels.bgr, isBgr) - low) / (vec3f(redHigh, greenHigh, blueHigh) - low);
}

// What the model saw there in the frame before; fresh where it did not look.
fn lastAt(x: u32, y: u32, fresh: vec4f) -> vec4f {
  if (all(tracking.region == tracking.before)) {
    return unpack4x8unorm(last[y * maskWidth + x]);
  }
  let size = vec2f(f32(maskWidth), f32(maskHeight));
  let uv = tracking.region.xy + (vec2f(f32(x), f32(y)) + 0.5) / size * tracking.region.zw;
  let place = (uv - tracking.before.xy) / tracking.before.zw * size;
  if (any(place < vec2f(0.0)) || any(place > size)) {
    return fresh;
  }
  let centre = clamp(place - 0.5, vec2f(0.0), size - 1.0);
  let low = vec2u(centre);
  let high = min(low + 1u, vec2u(maskWidth, maskHeight) - 1u);
  let part = fract(centre);
  let above = mix(
    unpack4x8unorm(last[low.y * maskWidth + low.x]),
    unpack4x8unorm(last[low.y * maskWidth + high.x]), part.x);
  let below = mix(
    unpack4x8unorm(last[high.y * maskWidth + low.x]),
    unpack4x8unorm(last[high.y * maskWidth + high.x]), part.x);
  return mix(above, below, part.y);
}

@compute @workgroup_size(8, 8)
fn observe(@builtin(global_invocation_id) id: vec3u) {
  let first = id.xy * blockPx;
  if (first.x >= maskWidth || first.y >= maskHeight) {
    return;
  }
  let end = min(first + blockPx, vec2u(maskWidth, maskHeight));
  var sum = 0.0;
  for (var y = first.y; y < end.y; y++) {
    for (var x = first.x; x < end.x; x++) {
      let i = y * maskWidth + x;
      let packed = pack4x8unorm(vec4f(inputAt(x, y), 1.0));
      let fresh = unpack4x8unorm(packed);
      let difference = abs(fresh - lastAt(x, y, fresh));
      sum += max(max(difference.r, difference.g), difference.b);
      seen[i] = packed;
    }
  }
  let columns = (maskWidth + blockPx - 1u) / blockPx;
  let size = end - first;
  changes[id.y * columns + id.x] = sum / f32(size.x * size.y);
  atomicAdd(&total, u32(round(1024.0 * sum)));
}
