// One direction of a Gaussian blur over weighted sums. What lies outside has no weight.
//
// Bindings
//   0  sums    rgba16float, as large as the target; rgb is colour * weight, a is weight
//   1  kernel  radius in pixels, and the weight of each distance from 0 to radius, four to a vector
//
// The host makes one pipeline with (stepX, stepY) = (1, 0) and one with (0, 1), computes a kernel whose weights add
// up to 1 over both sides, and draws three vertices.

override stepX: i32;
override stepY: i32;

struct Kernel {
  radius: i32,
  weights: array<vec4f, 4>,
}

@group(0) @binding(0) var sums: texture_2d<f32>;
@group(0) @binding(1) var<uniform> kernel: Kernel;

@vertex
fn coverTarget(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(4.0 * corner - 1.0, 0.0, 1.0);
}

@fragment
fn blur(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let centre = vec2i(position.xy);
  let size = vec2i(textureDimensions(sums));
  var sum = vec4f(0.0);
  for (var offset = -kernel.radius; offset <= kernel.radius; offset++) {
    let place = centre + offset * vec2i(stepX, stepY);
    if (all(place >= vec2i(0)) && all(place < size)) {
      let distance = abs(offset);
      sum += kernel.weights[distance / 4][distance % 4] * textureLoad(sums, place, 0);
    }
  }
  return sum;
}
