// Decides which part of a frame the model is to see; see follow-people.ts, which explains the rule.
//
// Bindings
//   0  frame     only its size counts
//   1  found     as bounds.wgsl wrote it, of the part that the model saw last; emptied
//   2  looked    the same of the whole of a frame; emptied
//   3  tracking  see below; written
//
// One invocation.

override maskWidth: u32;
override maskHeight: u32;
override margin: f32;
override snapShare: f32;
override slackShare: f32;
override mostStretch: f32;
// Width to height of what the model sees.
override aspect: f32;
override leastPeople: f32;
// What floats lose of a whole number of pixels.
const rounding = 0.01;

struct Bounds {
  fromRight: u32,
  fromBottom: u32,
  right: u32,
  bottom: u32,
  count: u32,
  isFresh: u32,
}

// Rectangles are x, y, width and height, as shares of the frame.
struct Tracking {
  region: vec4f,
  // The region of the frame before.
  before: vec4f,
  // All 0: nobody was found.
  people: vec4f,
}

@group(0) @binding(0) var frame: texture_2d<f32>;
@group(0) @binding(1) var<storage, read_write> found: Bounds;
@group(0) @binding(2) var<storage, read_write> looked: Bounds;
@group(0) @binding(3) var<storage, read_write> tracking: Tracking;

fn rectangleOf(bounds: Bounds, region: vec4f) -> vec4f {
  if (f32(bounds.count) < leastPeople * f32(maskWidth * maskHeight)) {
    return vec4f(0.0);
  }
  let size = vec2f(f32(maskWidth), f32(maskHeight));
  let first = vec2u(maskWidth - bounds.fromRight, maskHeight - bounds.fromBottom);
  let sides = vec2u(bounds.right, bounds.bottom) - first;
  return vec4f(region.xy + vec2f(first) / size * region.zw, vec2f(sides) / size * region.zw);
}

fn unite(one: vec4f, other: vec4f) -> vec4f {
  if (one.z == 0.0) {
    return other;
  }
  if (other.z == 0.0) {
    return one;
  }
  let first = min(one.xy, other.xy);
  return vec4f(first, max(one.xy + one.zw, other.xy + other.zw) - first);
}

// Two opposite edges in pixels, no closer than length, as far as the frame goes.
fn widen(edges: vec2f, length: f32, limit: f32) -> vec2f {
  let wanted = min(length, limit);
  let missing = wanted - (edges.y - edges.x);
  if (missing <= 0.0) {
    return edges;
  }
  let low = clamp(edges.x - missing / 2.0, 0.0, limit - wanted);
  return vec2f(low, low + wanted);
}

fn settle(edges: vec2f, current: vec2f, slack: f32, limit: f32) -> vec2f {
  var low = select(edges.x, 0.0, edges.x < snapShare * limit);
  var high = select(edges.y, limit, edges.y > (1.0 - snapShare) * limit);
  low = select(low, current.x, abs(low - current.x) <= slack);
  high = select(high, current.y, abs(high - current.y) <= slack);
  return vec2f(floor(low + rounding), min(ceil(high - rounding), limit));
}

@compute @workgroup_size(1)
fn follow() {
  let current = tracking.region;
  if (found.isFresh == 1u) {
    tracking.people = rectangleOf(found, current);
  }
  var people = tracking.people;
  if (looked.isFresh == 1u) {
    people = unite(people, rectangleOf(looked, vec4f(0.0, 0.0, 1.0, 1.0)));
  }
  found = Bounds();
  looked = Bounds();
  tracking.before = current;
  if (people.z == 0.0) {
    tracking.region = vec4f(0.0, 0.0, 1.0, 1.0);
    return;
  }
  let frameSize = vec2f(textureDimensions(frame));
  let size = people.zw * frameSize;
  let room = margin * max(size, size.yx / 2.0);
  let start = people.xy * frameSize;
  let low = max(start - room, vec2f(0.0));
  let high = min(start + size + room, frameSize);
  var columns = vec2f(low.x, high.x);
  var rows = vec2f(low.y, high.y);
  columns = widen(columns, (rows.y - rows.x) * aspect / mostStretch, frameSize.x);
  rows = widen(rows, (columns.y - columns.x) / aspect / mostStretch, frameSize.y);
  let first = current.xy * frameSize;
  let last = first + current.zw * frameSize;
  columns = settle(columns, vec2f(first.x, last.x), slackShare * room.x, frameSize.x);
  rows = settle(rows, vec2f(first.y, last.y), slackShare * room.y, frameSize.y);
  tracking.region = vec4f(columns.x, rows.x, columns.y - columns.x, rows.y - rows.x) / frameSize.xyxy;
}
