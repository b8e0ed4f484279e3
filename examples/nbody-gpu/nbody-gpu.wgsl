// A cluster of bodies under softened gravity, each pair of them, in units where G and the total mass are 1: leapfrog with fixed steps.
//
// One shard is one cluster, made from its number. Positions are an output and also what later passes read.

const BODIES = 512u;

struct Params {
  seed: u32,
  time_step: f32,
  softening: f32,
}

struct Body {
  velocity: vec4<f32>,
  acceleration: vec4<f32>,
}

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read_write> bodies: array<Body>;
@group(0) @binding(2) var<storage, read_write> energies: array<vec2<f32>>;
// x, y, z and the potential of each body.
@group(0) @binding(3) var<storage, read_write> positions: array<vec4<f32>>;
// Energy at the beginning and at the end, its relative drift, and 2T/|W|, which is 1 in balance.
@group(0) @binding(4) var<storage, read_write> summary: array<f32>;

// One step of PCG (Jarzynski and Olano, 2020).
fn next_random(state: ptr<function, u32>) -> f32 {
  *state = *state * 747796405u + 2891336453u;
  let word = ((*state >> ((*state >> 28u) + 4u)) ^ *state) * 277803737u;
  return f32(((word >> 22u) ^ word) >> 8u) / 16777216.0;
}

fn next_point(state: ptr<function, u32>) -> vec3<f32> {
  let x = next_random(state);
  let y = next_random(state);
  let z = next_random(state);
  return vec3<f32>(x, y, z) * 2.0 - 1.0;
}

fn next_in_sphere(state: ptr<function, u32>) -> vec3<f32> {
  var point = next_point(state);
  for (var tries = 0; tries < 64 && dot(point, point) > 1.0; tries++) {
    point = next_point(state);
  }
  return point;
}

@compute @workgroup_size(64)
fn place(@builtin(global_invocation_id) id: vec3<u32>) {
  var state = (params.seed * BODIES + id.x) * 2654435769u + 12345u;
  let point = next_in_sphere(&state);
  let push = next_in_sphere(&state);
  positions[id.x] = vec4<f32>(point, 0.0);
  // The whole cluster turns about its axis, and each body goes its own way beside.
  bodies[id.x].velocity = vec4<f32>(vec3<f32>(-point.y, point.x, 0.0) * 0.5 + push * 0.3, 0.0);
}

fn feel(at: u32) {
  let here = positions[at].xyz;
  var pull = vec3<f32>();
  var potential = 0.0;
  for (var other = 0u; other < BODIES; other++) {
    let way = positions[other].xyz - here;
    let near = inverseSqrt(dot(way, way) + params.softening * params.softening);
    pull += way * (near * near * near);
    potential -= select(near, 0.0, other == at);
  }
  bodies[at].acceleration = vec4<f32>(pull / f32(BODIES), potential / f32(BODIES));
}

fn weigh(at: u32) -> vec2<f32> {
  let velocity = bodies[at].velocity.xyz;
  // Each pair counts once.
  return vec2<f32>(0.5 * dot(velocity, velocity), 0.5 * bodies[at].acceleration.w) / f32(BODIES);
}

@compute @workgroup_size(64)
fn begin(@builtin(global_invocation_id) id: vec3<u32>) {
  feel(id.x);
  energies[id.x] = weigh(id.x);
}

@compute @workgroup_size(64)
fn drift(@builtin(global_invocation_id) id: vec3<u32>) {
  let velocity = bodies[id.x].velocity + vec4<f32>(bodies[id.x].acceleration.xyz, 0.0) * (params.time_step * 0.5);
  bodies[id.x].velocity = velocity;
  positions[id.x] += vec4<f32>(velocity.xyz, 0.0) * params.time_step;
}

@compute @workgroup_size(64)
fn kick(@builtin(global_invocation_id) id: vec3<u32>) {
  feel(id.x);
  bodies[id.x].velocity += vec4<f32>(bodies[id.x].acceleration.xyz, 0.0) * (params.time_step * 0.5);
}

fn total() -> vec2<f32> {
  var sum = vec2<f32>();
  for (var body = 0u; body < BODIES; body++) { sum += energies[body]; }
  return sum;
}

@compute @workgroup_size(1)
fn sum_beginning() {
  let energy = total();
  summary[0] = energy.x + energy.y;
}

@compute @workgroup_size(64)
fn end(@builtin(global_invocation_id) id: vec3<u32>) {
  energies[id.x] = weigh(id.x);
  positions[id.x].w = bodies[id.x].acceleration.w;
}

@compute @workgroup_size(1)
fn sum_end() {
  let energy = total();
  summary[1] = energy.x + energy.y;
  summary[2] = (summary[1] - summary[0]) / abs(summary[0]);
  summary[3] = 2.0 * energy.x / abs(energy.y);
}
