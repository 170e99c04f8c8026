// Averages the fits around each grid cell, the last step of the guided filter; see guided-filter.ts.
//
// Bindings
//   0  fits          [3, gridHeight, gridWidth]
//   1  coefficients  the same; written
//
// Workgroup: 8 x 8 cells, one invocation for each of every layer.

override gridWidth: i32;
override gridHeight: i32;
override meanRadius: i32;

@group(0) @binding(0) var<storage, read> fits: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> coefficients: array<vec4f>;

@compute @workgroup_size(8, 8)
fn average(@builtin(global_invocation_id) id: vec3u) {
  let centre = vec2i(id.xy);
  let size = vec2i(gridWidth, gridHeight);
  if (any(centre >= size)) {
    return;
  }
  let layer = i32(id.z) * size.x * size.y;
  let first = max(centre - meanRadius, vec2i(0));
  let last = min(centre + meanRadius, size - 1);
  var sum = vec4f(0.0);
  for (var y = first.y; y <= last.y; y++) {
    for (var x = first.x; x <= last.x; x++) {
      sum += fits[layer + y * size.x + x];
    }
  }
  let counts = last - first + 1;
  coefficients[layer + centre.y * size.x + centre.x] = sum / f32(counts.x * counts.y);
}
