// Reduces a model's answer to how likely each pixel is foreground and, by the second entry point, of which class it is:
// what class-reducer.ts computes in main memory.
//
// Bindings
//   0  answer      float32, [pixels, channels], or [channels, pixels] if isPlanar
//   1  weights     by class: 1 if it is foreground, else 0
//   2  mask        float32, [pixels], 0..1: sum of the probabilities of the foreground
//   3  categories  float32, [pixels]: index of the likeliest class, of several the first
//
//   reduce               writes mask; has no binding 3
//   reduceAndCategorize  writes both
//
// With one channel that is the probability, or its logit, of the second of two classes.
//
// The host dispatches one invocation a pixel: in x as many as it may, further ones in y.

override pixels: u32;
override channels: u32;
override isPlanar: bool;
// Values are unnormalized: a sigmoid of one, a softmax over several makes probabilities of them.
override isLogits: bool;
// The one channel is the index of the class; what is none counts as the first.
override isCategories: bool;

const workgroupSize = 64u;

@group(0) @binding(0) var<storage, read> answer: array<f32>;
@group(0) @binding(1) var<storage, read> weights: array<f32>;
@group(0) @binding(2) var<storage, read_write> mask: array<f32>;
@group(0) @binding(3) var<storage, read_write> categories: array<f32>;

struct Reduced {
  foreground: f32,
  category: u32,
}

fn valueAt(pixel: u32, channel: u32) -> f32 {
  return answer[select(pixel * channels + channel, channel * pixels + pixel, isPlanar)];
}

fn reduceOne(pixel: u32) -> Reduced {
  let value = answer[pixel];
  let probability = select(value, 1.0 / (1.0 + exp(-value)), isLogits);
  let foreground = weights[0] * (1.0 - probability) + weights[1] * probability;
  return Reduced(foreground, select(0u, 1u, probability >= 0.5));
}

fn readCategory(pixel: u32) -> Reduced {
  let value = answer[pixel];
  let isClass = value > 0.0 && value < f32(arrayLength(&weights));
  let category = select(0u, u32(value), isClass);
  return Reduced(weights[category], category);
}

fn reduceAll(pixel: u32) -> Reduced {
  var largest = valueAt(pixel, 0u);
  var likeliest = 0u;
  for (var channel = 1u; channel < channels; channel++) {
    let value = valueAt(pixel, channel);
    if (value > largest) {
      largest = value;
      likeliest = channel;
    }
  }
  var sum = 0.0;
  var chosen = 0.0;
  for (var channel = 0u; channel < channels; channel++) {
    let value = valueAt(pixel, channel);
    // Less the largest, so that no exponential overflows.
    let part = select(value, exp(value - largest), isLogits);
    sum += part;
    chosen += part * weights[channel];
  }
  return Reduced(select(chosen, chosen / sum, isLogits), likeliest);
}

fn reducePixel(pixel: u32) -> Reduced {
  if (isCategories) {
    return readCategory(pixel);
  }
  if (channels == 1u) {
    return reduceOne(pixel);
  }
  return reduceAll(pixel);
}

@compute @workgroup_size(workgroupSize)
fn reduce(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let pixel = id.y * groups.x * workgroupSize + id.x;
  if (pixel >= pixels) {
    return;
  }
  mask[pixel] = reducePixel(pixel).foreground;
}

@compute @workgroup_size(workgroupSize)
fn reduceAndCategorize(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let pixel = id.y * groups.x * workgroupSize + id.x;
  if (pixel >= pixels) {
    return;
  }
  let reduced = reducePixel(pixel);
  mask[pixel] = reduced.foreground;
  categories[pixel] = f32(reduced.category);
}
