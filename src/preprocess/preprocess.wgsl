// Samples a frame into the model's input tensor: stretched to the model's size, averaged over each input pixel's
// footprint so that a large frame does not alias (bilinear where the frame is the smaller one), and normalised.
//
// Bindings: 0 frame (premultiplied RGBA), 1 tensor (float32, nhwc or nchw), 2 parameters.
// Workgroup: 8x8 input pixels. The host dispatches ceil(width / 8) x ceil(height / 8).

struct Parameters {
  inputSize: vec2u,
  low: f32,
  scale: f32,
  // 1: [1, 3, height, width]; 0: [1, height, width, 3].
  isNchw: u32,
  isBgr: u32,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> tensor: array<f32>;
@group(0) @binding(2) var<uniform> parameters: Parameters;

// Mean over [start, end) in frame pixels, each pixel weighted by how much of it lies inside.
fn averageArea(start: vec2f, end: vec2f) -> vec3f {
  let first = vec2u(floor(start));
  let last = min(vec2u(ceil(end)), textureDimensions(frame));
  var sum = vec3f(0);
  for (var y = first.y; y < last.y; y++) {
    let high = min(f32(y) + 1, end.y) - max(f32(y), start.y);
    for (var x = first.x; x < last.x; x++) {
      let wide = min(f32(x) + 1, end.x) - max(f32(x), start.x);
      sum += textureLoad(frame, vec2u(x, y), 0).rgb * (wide * high);
    }
  }
  return sum / ((end.x - start.x) * (end.y - start.y));
}

fn interpolate(center: vec2f) -> vec3f {
  let limit = vec2i(textureDimensions(frame)) - 1;
  let corner = center - 0.5;
  let low = vec2i(floor(corner));
  let part = corner - floor(corner);
  let a = textureLoad(frame, clamp(low, vec2i(0), limit), 0).rgb;
  let b = textureLoad(frame, clamp(low + vec2i(1, 0), vec2i(0), limit), 0).rgb;
  let c = textureLoad(frame, clamp(low + vec2i(0, 1), vec2i(0), limit), 0).rgb;
  let d = textureLoad(frame, clamp(low + vec2i(1, 1), vec2i(0), limit), 0).rgb;
  return mix(mix(a, b, part.x), mix(c, d, part.x), part.y);
}

@compute @workgroup_size(8, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let size = parameters.inputSize;
  if (id.x >= size.x || id.y >= size.y) {
    return;
  }
  let ratio = vec2f(textureDimensions(frame)) / vec2f(size);
  let start = vec2f(id.xy) * ratio;
  var color: vec3f;
  if (ratio.x < 1 || ratio.y < 1) {
    color = interpolate(start + 0.5 * ratio);
  } else {
    color = averageArea(start, start + ratio);
  }
  if (parameters.isBgr == 1) {
    color = color.bgr;
  }
  color = color * parameters.scale + parameters.low;
  let pixel = id.y * size.x + id.x;
  let area = size.x * size.y;
  for (var channel = 0u; channel < 3; channel++) {
    let at = select(pixel * 3 + channel, channel * area + pixel, parameters.isNchw == 1);
    tensor[at] = color[channel];
  }
}
