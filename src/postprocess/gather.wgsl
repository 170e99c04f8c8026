// Shrinks a mask and what the model saw onto the grid of the guided filter; see guided-filter.ts.
//
// Bindings
//   0  mask   float32, [maskHeight, maskWidth], 0..1
//   1  seen   [maskHeight, maskWidth], RGBA of 8 bits each
//   2  cells  [gridHeight, gridWidth]: mean colour, and mean of the mask after its curve; written
//
// Workgroup: 8 x 8 cells, one invocation each.

override maskWidth: u32;
override maskHeight: u32;
override shrinkFactor: u32;
// maskCurve of guided-filter.ts.
override maskFrom: f32;
override maskTo: f32;

@group(0) @binding(0) var<storage, read> mask: array<f32>;
@group(0) @binding(1) var<storage, read> seen: array<u32>;
@group(0) @binding(2) var<storage, read_write> cells: array<vec4f>;

@compute @workgroup_size(8, 8)
fn gather(@builtin(global_invocation_id) id: vec3u) {
  let grid = (vec2u(maskWidth, maskHeight) + shrinkFactor - 1u) / shrinkFactor;
  if (any(id.xy >= grid)) {
    return;
  }
  let last = vec2u(maskWidth, maskHeight) - 1u;
  var sum = vec4f(0.0);
  for (var y = 0u; y < shrinkFactor; y++) {
    for (var x = 0u; x < shrinkFactor; x++) {
      let pixel = min(id.xy * shrinkFactor + vec2u(x, y), last);
      let i = pixel.y * maskWidth + pixel.x;
      sum += vec4f(unpack4x8unorm(seen[i]).rgb, smoothstep(maskFrom, maskTo, mask[i]));
    }
  }
  cells[id.y * grid.x + id.x] = sum / f32(shrinkFactor * shrinkFactor);
}
