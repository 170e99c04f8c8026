// First step of the background blur: shrinks frame * (1 - m), so that the foreground has no weight in what follows.
//
// Each target pixel is the mean over the frame's pixels in its footprint, each with its own weight: a bilinear sample
// would mix the foreground in before the weight takes it out.
//
// Bindings
//   0  frame     premultiplied sRGB
//   1  mask      float32, [maskHeight, maskWidth]; sampled bilinearly between centres, clamped at the edge
//   2  targetSize  in pixels
//
// Target: rgba16float; rgb is colour * weight, a is weight.
// The host draws three vertices.

override maskWidth: u32;
override maskHeight: u32;

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> mask: array<f32>;
@group(0) @binding(2) var<uniform> targetSize: vec2f;

@vertex
fn coverTarget(@builtin(vertex_index) index: u32) -> @builtin(position) vec4f {
  let corner = vec2f(f32(index & 1u), f32(index >> 1u));
  return vec4f(4.0 * corner - 1.0, 0.0, 1.0);
}

fn maskAt(uv: vec2f) -> f32 {
  let size = vec2i(i32(maskWidth), i32(maskHeight));
  let place = uv * vec2f(size) - 0.5;
  let base = floor(place);
  let part = place - base;
  let low = clamp(vec2i(base), vec2i(0), size - 1);
  let high = clamp(vec2i(base) + 1, vec2i(0), size - 1);
  let above = mix(mask[low.y * size.x + low.x], mask[low.y * size.x + high.x], part.x);
  let below = mix(mask[high.y * size.x + low.x], mask[high.y * size.x + high.x], part.x);
  return clamp(mix(above, below, part.y), 0.0, 1.0);
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
      sum += textureLoad(frame, vec2u(x, y), 0) * (1.0 - maskAt(uv));
    }
  }
  return sum / f32((last.x - first.x) * (last.y - first.y));
}
