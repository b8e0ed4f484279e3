const BODIES = 512;
const TIME_STEP = 1 / 128;
const SOFTENING = 0.1;
const ROUNDS = 100;

type Vector = [number, number, number];
type Body = { at: Vector; velocity: Vector; pull: Vector; potential: number };
export type Cluster = { bodies: Body[]; energyBefore: number; energyAfter: number; drift: number; balance: number };

/** PCG (Jarzynski and Olano, 2020): numbers in [0, 1) with 24 bits. */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 747_796_405) + 2_891_336_453) >>> 0;
    const word = Math.imul((state >>> ((state >>> 28) + 4)) ^ state, 277_803_737) >>> 0;
    return (((word >>> 22) ^ word) >>> 8) / 16_777_216;
  };
}

function pointInSphere(random: () => number): Vector {
  for (;;) {
    const point: Vector = [random() * 2 - 1, random() * 2 - 1, random() * 2 - 1];
    if (point[0] ** 2 + point[1] ** 2 + point[2] ** 2 <= 1) return point;
  }
}

function place(seed: number): Body[] {
  return Array.from({ length: BODIES }, (_, index) => {
    const random = createRandom((Math.imul(seed * BODIES + index, 2_654_435_769) + 12_345) >>> 0);
    const at = pointInSphere(random);
    const push = pointInSphere(random);
    return { at, velocity: [-at[1] * 0.5 + push[0] * 0.3, at[0] * 0.5 + push[1] * 0.3, push[2] * 0.3], pull: [0, 0, 0], potential: 0 };
  });
}

function feel(bodies: readonly Body[]): void {
  for (const body of bodies) {
    const pull: Vector = [0, 0, 0];
    let potential = 0;
    for (const other of bodies) {
      const way: Vector = [other.at[0] - body.at[0], other.at[1] - body.at[1], other.at[2] - body.at[2]];
      const near = 1 / Math.sqrt(way[0] ** 2 + way[1] ** 2 + way[2] ** 2 + SOFTENING ** 2);
      for (const axis of [0, 1, 2] as const) pull[axis] += way[axis] * near ** 3;
      if (other !== body) potential -= near;
    }
    body.pull = [pull[0] / BODIES, pull[1] / BODIES, pull[2] / BODIES];
    body.potential = potential / BODIES;
  }
}

function energyOf(bodies: readonly Body[]): { kinetic: number; potential: number } {
  const energy = { kinetic: 0, potential: 0 };
  for (const { velocity, potential } of bodies) {
    energy.kinetic += (0.5 * (velocity[0] ** 2 + velocity[1] ** 2 + velocity[2] ** 2)) / BODIES;
    energy.potential += (0.5 * potential) / BODIES;
  }
  return energy;
}

function kick({ velocity, pull }: Body): void {
  for (const axis of [0, 1, 2] as const) velocity[axis] += pull[axis] * TIME_STEP * 0.5;
}

/** One cluster followed to its end in double precision, with an own implementation of the same steps. */
export function followCluster(seed: number): Cluster {
  const bodies = place(seed);
  feel(bodies);
  const before = energyOf(bodies);
  for (let round = 0; round < ROUNDS; round++) {
    for (const body of bodies) {
      kick(body);
      for (const axis of [0, 1, 2] as const) body.at[axis] += body.velocity[axis] * TIME_STEP;
    }
    feel(bodies);
    for (const body of bodies) kick(body);
  }
  const after = energyOf(bodies);
  const energyBefore = before.kinetic + before.potential;
  const energyAfter = after.kinetic + after.potential;
  const drift = (energyAfter - energyBefore) / Math.abs(energyBefore);
  return { bodies, energyBefore, energyAfter, drift, balance: (2 * after.kinetic) / Math.abs(after.potential) };
}

/** A cluster as the kernel writes it: x, y, z and potential of each body, then the summary, as `f32`. */
export function toBytes({ bodies, energyBefore, energyAfter, drift, balance }: Cluster): Uint8Array {
  const numbers = [...bodies.flatMap(({ at, potential }) => [...at, potential]), energyBefore, energyAfter, drift, balance];
  return new Uint8Array(new Float32Array(numbers).buffer);
}
