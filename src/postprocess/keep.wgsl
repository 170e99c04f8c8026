// Keeps a mask as it is in the form of coefficients, for frames that are not to be refined; see alpha-at.wgsl.
//
// Bindings
//   0  mask          float32, any size
//   1  coefficients  as many: (0, 0, 0, mask); written
//
// Workgroup: 64 pixels, one invocation each.

@group(0) @binding(0) var<storage, read> mask: array<f32>;
@group(0) @binding(1) var<storage, read_write> coefficients: array<vec4f>;

@compute @workgroup_size(64)
fn keep(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = id.y * groups.x * 64u + id.x;
  if (i < arrayLength(&mask)) {
    coefficients[i] = vec4f(0.0, 0.0, 0.0, mask[i]);
  }
}
