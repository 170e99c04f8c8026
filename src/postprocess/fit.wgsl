// Fits the mask around each grid cell by a linear function of the colours; see guided-filter.ts, whose #solve this is.
//
// Bindings
//   0  cells  [gridHeight, gridWidth]: mean colour and mask, 0..1
//   1  fits   [3, gridHeight, gridWidth]: factors of red, green and blue, and what is added; mean colour of the person; mean colour of
//             the room; written
//
// Workgroup: 8 x 8 cells, one invocation each.

override gridWidth: i32;
override gridHeight: i32;
override fitRadius: i32;
override leastWeight: f32;
override regularization: f32;
override leastShare: f32;

@group(0) @binding(0) var<storage, read> cells: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> fits: array<vec4f>;

@compute @workgroup_size(8, 8)
fn fit(@builtin(global_invocation_id) id: vec3u) {
  let centre = vec2i(id.xy);
  let size = vec2i(gridWidth, gridHeight);
  if (any(centre >= size)) {
    return;
  }
  let first = max(centre - fitRadius, vec2i(0));
  let last = min(centre + fitRadius, size - 1);
  var weights = 0.0;
  var sums = vec4f(0.0);
  // red², red green, red blue, red mask; and so on.
  var red = vec4f(0.0);
  var green = vec3f(0.0);
  var blue = vec2f(0.0);
  var all = vec4f(0.0);
  var person = vec4f(0.0);
  for (var y = first.y; y <= last.y; y++) {
    for (var x = first.x; x <= last.x; x++) {
      let cell = cells[y * size.x + x];
      let sureness = 2.0 * cell.a - 1.0;
      let weight = sureness * sureness + leastWeight;
      let weighted = weight * cell;
      weights += weight;
      sums += weighted;
      red += weighted.r * cell;
      green += weighted.g * cell.gba;
      blue += weighted.b * cell.ba;
      all += vec4f(cell.rgb, 1.0);
      person += (cell.a + leastShare) * vec4f(cell.rgb, 1.0);
    }
  }
  let mean = sums / weights;
  let rr = red.r / weights - mean.r * mean.r + regularization;
  let rg = red.g / weights - mean.r * mean.g;
  let rb = red.b / weights - mean.r * mean.b;
  let gg = green.r / weights - mean.g * mean.g + regularization;
  let gb = green.g / weights - mean.g * mean.b;
  let bb = blue.r / weights - mean.b * mean.b + regularization;
  let covariance = vec3f(red.a, green.b, blue.g) / weights - mean.rgb * mean.a;
  let c0 = vec3f(gg * bb - gb * gb, rb * gb - rg * bb, rg * gb - rb * gg);
  let c1 = vec3f(c0.y, rr * bb - rb * rb, rg * rb - rr * gb);
  let c2 = vec3f(c0.z, c1.z, rr * gg - rg * rg);
  let determinant = rr * c0.x + rg * c0.y + rb * c0.z;
  let factors = vec3f(dot(c0, covariance), dot(c1, covariance), dot(c2, covariance)) / determinant;
  let room = (1.0 + 2.0 * leastShare) * all - person;
  // Firefox 153 makes no pipeline of a product of the vector's components.
  let layer = gridWidth * gridHeight;
  let i = centre.y * size.x + centre.x;
  fits[i] = vec4f(factors, mean.a - dot(factors, mean.rgb));
  fits[i + layer] = person / person.a;
  fits[i + 2 * layer] = room / room.a;
}
