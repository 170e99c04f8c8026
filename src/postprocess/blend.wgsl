// Lets the mask of a stream follow the model: slowly where the picture stands still, at once where it has changed.
//
// Bindings
//   0  answer    the model's, float32, [maskHeight, maskWidth], 0..1
//   1  changes   as observe.wgsl wrote them
//   2  total     the same
//   3  pace      see below
//   4  before    float32, [maskHeight, maskWidth]: the mask of the frame before
//   5  smoothed  the same of this frame; written
//   6  tracking  as in observe.wgsl
//
// Workgroup: 64 mask pixels, one invocation each.

override maskWidth: u32;
override maskHeight: u32;
override blockPx: u32;
// changeCurve and cutChange of temporal-filter.ts.
override changeFrom: f32;
override changeTo: f32;
override cutChange: f32;

struct Pace {
  // Share of the model's answer where nothing changes, 0..1. 1: nothing came before.
  slow: f32,
}

struct Tracking {
  region: vec4f,
  before: vec4f,
}

@group(0) @binding(0) var<storage, read> answer: array<f32>;
@group(0) @binding(1) var<storage, read> changes: array<f32>;
@group(0) @binding(2) var<storage, read> total: u32;
@group(0) @binding(3) var<uniform> pace: Pace;
@group(0) @binding(4) var<storage, read> before: array<f32>;
@group(0) @binding(5) var<storage, read_write> smoothed: array<f32>;
@group(0) @binding(6) var<uniform> tracking: Tracking;

// The mask there in the frame before; fresh where there was none.
fn beforeAt(i: u32, fresh: f32) -> f32 {
  if (all(tracking.region == tracking.before)) {
    return before[i];
  }
  let size = vec2f(f32(maskWidth), f32(maskHeight));
  let pixel = vec2f(f32(i % maskWidth), f32(i / maskWidth));
  let uv = tracking.region.xy + (pixel + 0.5) / size * tracking.region.zw;
  let place = (uv - tracking.before.xy) / tracking.before.zw * size;
  if (any(place < vec2f(0.0)) || any(place > size)) {
    return fresh;
  }
  let centre = clamp(place - 0.5, vec2f(0.0), size - 1.0);
  let low = vec2u(centre);
  let high = min(low + 1u, vec2u(maskWidth, maskHeight) - 1u);
  let part = fract(centre);
  let above = mix(
    before[low.y * maskWidth + low.x], before[low.y * maskWidth + high.x], part.x);
  let below = mix(
    before[high.y * maskWidth + low.x], before[high.y * maskWidth + high.x], part.x);
  return mix(above, below, part.y);
}

@compute @workgroup_size(64)
fn blend(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  let pixels = maskWidth * maskHeight;
  if (i >= pixels) {
    return;
  }
  let block = vec2u(i % maskWidth, i / maskWidth) / blockPx;
  let columns = (maskWidth + blockPx - 1u) / blockPx;
  let change = changes[block.y * columns + block.x];
  var share = pace.slow + (1.0 - pace.slow) * smoothstep(changeFrom, changeTo, change);
  if (f32(total) > cutChange * 1024.0 * f32(pixels)) {
    share = 1.0;
  }
  // What is new stays as it is, to the last bit.
  smoothed[i] = select(mix(beforeAt(i, answer[i]), answer[i], share), answer[i], share >= 1.0);
}
