// The room without the person: the first pass of the background blur. Each texel of a smaller texture gets the mean
// of its part of the frame, every pixel weighted by how little of the person is in it; the weight goes along as alpha,
// so that the blur can divide by it and no colour of the person bleeds into the room.
//
// Bindings: 0 frame (premultiplied), 1 mask (float32, 0..1, row-major), 2 parameters, 3 room (rgba16float).
// Workgroup: 8x8 texels of the room. The host dispatches ceil(width / 8) x ceil(height / 8).

struct Parameters {
  maskSize: vec2u,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read> mask: array<f32>;
@group(0) @binding(2) var<uniform> parameters: Parameters;
@group(0) @binding(3) var room: texture_storage_2d<rgba16float, write>;

fn maskAt(pixel: vec2i) -> f32 {
  let limit = vec2i(parameters.maskSize) - 1;
  let p = clamp(pixel, vec2i(0), limit);
  return mask[p.y * (limit.x + 1) + p.x];
}

fn sampleMask(uv: vec2f) -> f32 {
  let corner = uv * vec2f(parameters.maskSize) - 0.5;
  let low = vec2i(floor(corner));
  let part = corner - floor(corner);
  let top = mix(maskAt(low), maskAt(low + vec2i(1, 0)), part.x);
  let bottom = mix(maskAt(low + vec2i(0, 1)), maskAt(low + vec2i(1, 1)), part.x);
  return mix(top, bottom, part.y);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = textureDimensions(room);
  if (id.x >= size.x || id.y >= size.y) {
    return;
  }
  let frameSize = textureDimensions(frame);
  let first = id.xy * frameSize / size;
  let last = max((id.xy + 1) * frameSize / size, first + 1);
  var sum = vec4f(0);
  for (var y = first.y; y < last.y; y++) {
    for (var x = first.x; x < last.x; x++) {
      let weight = 1 - sampleMask((vec2f(f32(x), f32(y)) + 0.5) / vec2f(frameSize));
      sum += vec4f(textureLoad(frame, vec2u(x, y), 0).rgb, 1) * weight;
    }
  }
  let count = f32((last.x - first.x) * (last.y - first.y));
  textureStore(room, id.xy, sum / count);
}
