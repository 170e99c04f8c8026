// Turns the numbers of a tensor into another type. Types are told by their bytes: a word holds one float32, int32 or half of an int64, two
// float16 or four uint8. Devices without 16-bit floats have them, too, as long as nothing is computed in them.
//
// Bindings
//   0  source  words of the one type
//   1  result  words of the other; written, one to each invocation. Past the last number a word is filled up with zeros
//
// Workgroup: 64 words. The host dispatches one invocation a word of result: in x as many as it may, further ones in y.

override count: u32;
// Factor by which numbers come out of fromUint8.
override scale: f32;

const workgroupSize = 64u;

@group(0) @binding(0) var<storage, read> source: array<u32>;
@group(0) @binding(1) var<storage, read_write> result: array<u32>;

fn wordOf(id: vec3u, groups: vec3u) -> u32 {
  return id.y * groups.x * workgroupSize + id.x;
}

fn floatAt(index: u32) -> f32 {
  return select(0.0, bitcast<f32>(source[min(index, count - 1u)]), index < count);
}

@compute @workgroup_size(workgroupSize)
fn toFloat16(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = wordOf(id, groups);
  if (2u * word < count) {
    result[word] = pack2x16float(vec2f(floatAt(2u * word), floatAt(2u * word + 1u)));
  }
}

@compute @workgroup_size(workgroupSize)
fn toUint8(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let word = wordOf(id, groups);
  if (4u * word < count) {
    let first = 4u * word;
    let values = vec4f(floatAt(first), floatAt(first + 1u), floatAt(first + 2u), floatAt(first + 3u));
    result[word] = pack4x8unorm(values / 255.0);
  }
}

@compute @workgroup_size(workgroupSize)
fn fromFloat16(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = wordOf(id, groups);
  if (index < count) {
    result[index] = bitcast<u32>(unpack2x16float(source[index / 2u])[index % 2u]);
  }
}

@compute @workgroup_size(workgroupSize)
fn fromUint8(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = wordOf(id, groups);
  if (index < count) {
    let byte = (source[index / 4u] >> (8u * (index % 4u))) & 0xffu;
    result[index] = bitcast<u32>(scale * f32(byte));
  }
}

@compute @workgroup_size(workgroupSize)
fn fromInt32(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = wordOf(id, groups);
  if (index < count) {
    result[index] = bitcast<u32>(f32(bitcast<i32>(source[index])));
  }
}

// Of indices of classes the lower half is all.
@compute @workgroup_size(workgroupSize)
fn fromInt64(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let index = wordOf(id, groups);
  if (index < count) {
    result[index] = bitcast<u32>(f32(bitcast<i32>(source[2u * index])));
  }
}
