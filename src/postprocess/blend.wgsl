// Lets the mask of a stream follow the model: slowly where the picture stands still, at once where it has changed.
//
// Bindings
//   0  answer    the model's, float32, [maskHeight, maskWidth], 0..1
//   1  changes   as observe.wgsl wrote them
//   2  total     the same
//   3  pace      see below
//   4  smoothed  [maskHeight, maskWidth]; of the frame before, and then of this one
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

@group(0) @binding(0) var<storage, read> answer: array<f32>;
@group(0) @binding(1) var<storage, read> changes: array<f32>;
@group(0) @binding(2) var<storage, read> total: u32;
@group(0) @binding(3) var<uniform> pace: Pace;
@group(0) @binding(4) var<storage, read_write> smoothed: array<f32>;

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
  smoothed[i] = select(mix(smoothed[i], answer[i], share), answer[i], share >= 1.0);
}
