// Iteration counts of the Mandelbrot set in 96-bit fixed-point arithmetic: integers only, so that every GPU gives the same bytes.
//
// A number is three words, lowest first, in two's complement: 8 bits before the point and 88 behind it.

struct Params {
  from_row: u32,
  to_row: u32,
  width: u32,
  height: u32,
  iterations_max: u32,
  center_x0: u32, center_x1: u32, center_x2: u32,
  center_y0: u32, center_y1: u32, center_y2: u32,
  // The distance of two pixels.
  step0: u32, step1: u32, step2: u32,
}

@group(0) @binding(0) var<uniform> params: Params;
// Two pixels a word, each a big-endian 16-bit number, as a PGM file holds them.
@group(0) @binding(1) var<storage, read_write> counts: array<u32>;

fn add(a: vec3<u32>, b: vec3<u32>) -> vec3<u32> {
  let low = a.x + b.x;
  let carry0 = u32(low < a.x);
  let middle = a.y + b.y;
  let carry1 = u32(middle < a.y);
  let middle2 = middle + carry0;
  let carry2 = u32(middle2 < middle);
  return vec3<u32>(low, middle2, a.z + b.z + carry1 + carry2);
}

fn negate(a: vec3<u32>) -> vec3<u32> {
  return add(~a, vec3<u32>(1u, 0u, 0u));
}

fn is_negative(a: vec3<u32>) -> bool {
  return (a.z & 0x80000000u) != 0u;
}

fn magnitude(a: vec3<u32>) -> vec3<u32> {
  return select(a, negate(a), is_negative(a));
}

// The whole product of two words: low, high.
fn multiply_words(a: u32, b: u32) -> vec2<u32> {
  let a0 = a & 0xffffu;
  let a1 = a >> 16u;
  let b0 = b & 0xffffu;
  let b1 = b >> 16u;
  let low = a0 * b0;
  let middle = a1 * b0 + (low >> 16u);
  let middle2 = a0 * b1 + (middle & 0xffffu);
  return vec2<u32>((middle2 << 16u) | (low & 0xffffu), a1 * b1 + (middle >> 16u) + (middle2 >> 16u));
}

// Adds the product of two words to a sum of three.
fn accumulate(sum: vec3<u32>, a: u32, b: u32) -> vec3<u32> {
  let product = multiply_words(a, b);
  return add(sum, vec3<u32>(product.x, product.y, 0u));
}

// |a| · |b|, cut off behind the 88th bit.
fn multiply_magnitudes(a: vec3<u32>, b: vec3<u32>) -> vec3<u32> {
  var column = accumulate(vec3<u32>(), a.x, b.x);
  column = accumulate(accumulate(vec3<u32>(column.y, column.z, 0u), a.x, b.y), a.y, b.x);
  column = accumulate(accumulate(accumulate(vec3<u32>(column.y, column.z, 0u), a.x, b.z), a.y, b.y), a.z, b.x);
  let p2 = column.x;
  column = accumulate(accumulate(vec3<u32>(column.y, column.z, 0u), a.y, b.z), a.z, b.y);
  let p3 = column.x;
  column = accumulate(vec3<u32>(column.y, column.z, 0u), a.z, b.z);
  let p4 = column.x;
  let p5 = column.y;
  return vec3<u32>((p2 >> 24u) | (p3 << 8u), (p3 >> 24u) | (p4 << 8u), (p4 >> 24u) | (p5 << 8u));
}

fn multiply(a: vec3<u32>, b: vec3<u32>) -> vec3<u32> {
  let product = multiply_magnitudes(magnitude(a), magnitude(b));
  return select(product, negate(product), is_negative(a) != is_negative(b));
}

// A number times a whole one below 2^31.
fn scale(a: vec3<u32>, count: i32) -> vec3<u32> {
  let factor = u32(abs(count));
  let low = multiply_words(a.x, factor);
  let middle = add(vec3<u32>(low.y, 0u, 0u), vec3<u32>(multiply_words(a.y, factor), 0u));
  let product = vec3<u32>(low.x, middle.x, middle.y + a.z * factor);
  return select(product, negate(product), count < 0);
}

// How many steps z ← z² + c takes from 0 until |z| > 2; iterations_max for points that stay.
fn count_steps(column: u32, row: u32) -> u32 {
  let center_x = vec3<u32>(params.center_x0, params.center_x1, params.center_x2);
  let center_y = vec3<u32>(params.center_y0, params.center_y1, params.center_y2);
  let step = vec3<u32>(params.step0, params.step1, params.step2);
  let c_x = add(center_x, scale(step, i32(column) - i32(params.width / 2u)));
  let c_y = add(center_y, scale(step, i32(params.height / 2u) - i32(row)));
  var x = vec3<u32>();
  var y = vec3<u32>();
  for (var steps = 0u; steps < params.iterations_max; steps++) {
    let xx = multiply(x, x);
    let yy = multiply(y, y);
    // 4 is 1 << 26 in the highest word.
    if add(xx, yy).z >= 0x4000000u { return steps; }
    let xy = multiply(x, y);
    x = add(add(xx, negate(yy)), c_x);
    y = add(add(xy, xy), c_y);
  }
  return params.iterations_max;
}

fn as_bytes(count: u32) -> u32 {
  return ((count >> 8u) & 0xffu) | ((count & 0xffu) << 8u);
}

// A workgroup cannot be interrupted, and each of these invocations may take long.
@compute @workgroup_size(8)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  let pixel = id.x * 2u;
  let row = params.from_row + pixel / params.width;
  if row >= params.to_row { return; }
  let column = pixel % params.width;
  counts[id.x] = as_bytes(count_steps(column, row)) | (as_bytes(count_steps(column + 1u, row)) << 16u);
}
