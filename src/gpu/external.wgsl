// Copies a video frame that the browser imported to premultiplied sRGB, at the size of the destination.
//
// Bindings
//   0  source  the frame, opaque, upright and cropped by the browser
//   1  destination  rgba8unorm, at display size
//   2  linear  filtering sampler
//
// Workgroup: 8 x 8 pixels of the destination, one invocation each.
// The host dispatches ceil(width / 8) x ceil(height / 8) workgroups.

@group(0) @binding(0) var source: texture_external;
@group(0) @binding(1) var destination: texture_storage_2d<rgba8unorm, write>;
@group(0) @binding(2) var linear: sampler;

@compute @workgroup_size(8, 8)
fn copyExternal(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(destination);
  if (any(id.xy >= size)) {
    return;
  }
  let place = (vec2f(id.xy) + 0.5) / vec2f(size);
  let color = textureSampleBaseClampToEdge(source, linear, place);
  textureStore(destination, id.xy, vec4f(color.rgb, 1.0));
}
