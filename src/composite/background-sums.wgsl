// First step of the background blur: shrinks frame * (1 - m), so that the foreground has no weight in what follows.
//
// Each target pixel is the mean over the frame's pixels in its footprint, each with its own weight: a bilinear sample
// would mix the foreground in before the weight takes it out.
//
// After alpha-at.wgsl, which has bindings 0 to 2.
// Binding
//   3  targetSize  in pixels
//
// Target: rgba16float; rgb is colour * weight, a is weight.
// The host draws three vertices.

@group(0) @binding(3) var<uniform> targetSize: vec2f;

@vertex
fn coverTarget(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(4.0 * corner - 1.0, 0.0, 1.0);
}

@fragment
fn sumBackground(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let frameSize = textureDimensions(frame);
  let pixel = vec2u(position.xy);
  let first = pixel * frameSize / vec2u(targetSize);
  let last = max((pixel + 1u) * frameSize / vec2u(targetSize), first + 1u);
  var sum = vec4f(0.0);
  for (var y = first.y; y < last.y; y++) {
    for (var x = first.x; x < last.x; x++) {
      let uv = (vec2f(f32(x), f32(y)) + 0.5) / vec2f(frameSize);
      let color = textureLoad(frame, vec2u(x, y), 0);
      sum += color * (1.0 - alphaAt(uv, color.rgb));
    }
  }
  return sum / f32((last.x - first.x) * (last.y - first.y));
}
