// One direction of a separable Gaussian blur over the room (see room.wgsl): colour times weight, and weight in alpha.
//
// Bindings: 0 input, 1 blurred (rgba16float), 2 parameters.
// Workgroup: 8x8 texels. The host dispatches ceil(width / 8) x ceil(height / 8), once for each direction, and chooses
// the size of the room so that sigma stays small.

struct Parameters {
  // (1, 0) or (0, 1).
  direction: vec2i,
  // Standard deviation in texels; 0 copies.
  sigma: f32,
}

@group(0) @binding(0) var input: texture_2d<f32>;
@group(0) @binding(1) var blurred: texture_storage_2d<rgba16float, write>;
@group(0) @binding(2) var<uniform> parameters: Parameters;

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(blurred);
  if (id.x >= size.x || id.y >= size.y) {
    return;
  }
  let limit = vec2i(size) - 1;
  let radius = i32(ceil(3 * parameters.sigma));
  let falloff = 1 / max(2 * parameters.sigma * parameters.sigma, 1e-6);
  var sum = vec4f(0);
  var total = 0.0;
  for (var i = -radius; i <= radius; i++) {
    let weight = exp(-f32(i * i) * falloff);
    let at = clamp(vec2i(id.xy) + i * parameters.direction, vec2i(0), limit);
    sum += textureLoad(input, at, 0) * weight;
    total += weight;
  }
  textureStore(blurred, id.xy, sum / total);
}
