// Finds the smallest rectangle around the people of a mask; see find-people.ts.
//
// Bindings
//   0  mask    float32, [maskHeight, maskWidth], probability of people, 0..1
//   1  total   how much the picture changed, as observe.wgsl wrote it
//   2  bounds  see below; all 0 before; added to
//
// Workgroup: 64 mask pixels, one invocation each.

override maskWidth: u32;
override maskHeight: u32;
override leastProbability: f32;
// cutChange of temporal-filter.ts: where another scene begins nobody is followed.
override cutChange: f32;

struct Bounds {
  // Largest of the distances of people's pixels from the right and from the bottom edge, and of x + 1 and y + 1.
  fromRight: atomic<u32>,
  fromBottom: atomic<u32>,
  right: atomic<u32>,
  bottom: atomic<u32>,
  count: atomic<u32>,
  isFresh: atomic<u32>,
}

@group(0) @binding(0) var<storage, read> mask: array<f32>;
@group(0) @binding(1) var<storage, read> total: u32;
@group(0) @binding(2) var<storage, read_write> bounds: Bounds;

var<workgroup> fromRight: atomic<u32>;
var<workgroup> fromBottom: atomic<u32>;
var<workgroup> right: atomic<u32>;
var<workgroup> bottom: atomic<u32>;
var<workgroup> count: atomic<u32>;

@compute @workgroup_size(64)
fn find(
  @builtin(global_invocation_id) id: vec3u,
  @builtin(num_workgroups) groups: vec3u,
  @builtin(local_invocation_index) local: u32,
) {
  let i = id.y * groups.x * 64u + id.x;
  let pixels = maskWidth * maskHeight;
  let isCut = f32(total) > cutChange * 1024.0 * f32(pixels);
  if (i < pixels && !isCut && mask[i] >= leastProbability) {
    let x = i % maskWidth;
    let y = i / maskWidth;
    atomicMax(&fromRight, maskWidth - x);
    atomicMax(&fromBottom, maskHeight - y);
    atomicMax(&right, x + 1u);
    atomicMax(&bottom, y + 1u);
    atomicAdd(&count, 1u);
  }
  workgroupBarrier();
  if (local > 0u) {
    return;
  }
  atomicStore(&bounds.isFresh, 1u);
  let people = atomicLoad(&count);
  if (people == 0u) {
    return;
  }
  atomicMax(&bounds.fromRight, atomicLoad(&fromRight));
  atomicMax(&bounds.fromBottom, atomicLoad(&fromBottom));
  atomicMax(&bounds.right, atomicLoad(&right));
  atomicMax(&bounds.bottom, atomicLoad(&bottom));
  atomicAdd(&bounds.count, people);
}
