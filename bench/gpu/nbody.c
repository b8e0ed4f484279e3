// The computation of examples/nbody-gpu on a processor: the same steps in the same single precision, the same arguments, output in the same order.
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { BODIES = 512, ROUNDS = 100 };
static float at[BODIES][4], velocity[BODIES][3], pull[BODIES][3], potential[BODIES];

static float next_random(uint32_t *state) {
  *state = *state * 747796405u + 2891336453u;
  const uint32_t word = ((*state >> ((*state >> 28) + 4)) ^ *state) * 277803737u;
  return (float)(((word >> 22) ^ word) >> 8) / 16777216.0f;
}

static void point_in_sphere(uint32_t *state, float point[3]) {
  do
    for (int axis = 0; axis < 3; axis++) point[axis] = next_random(state) * 2.0f - 1.0f;
  while (point[0] * point[0] + point[1] * point[1] + point[2] * point[2] > 1.0f);
}

static void feel(float softening) {
  for (int i = 0; i < BODIES; i++) {
    float x = 0, y = 0, z = 0, depth = 0;
    for (int j = 0; j < BODIES; j++) {
      const float wx = at[j][0] - at[i][0], wy = at[j][1] - at[i][1], wz = at[j][2] - at[i][2];
      const float near = 1.0f / sqrtf(wx * wx + wy * wy + wz * wz + softening * softening);
      const float cube = near * near * near;
      x += wx * cube;
      y += wy * cube;
      z += wz * cube;
      depth -= i == j ? 0.0f : near;
    }
    pull[i][0] = x / BODIES;
    pull[i][1] = y / BODIES;
    pull[i][2] = z / BODIES;
    potential[i] = depth / BODIES;
  }
}

static void energy(float *kinetic, float *deep) {
  *kinetic = *deep = 0;
  for (int i = 0; i < BODIES; i++) {
    *kinetic += 0.5f * (velocity[i][0] * velocity[i][0] + velocity[i][1] * velocity[i][1] + velocity[i][2] * velocity[i][2]) / BODIES;
    *deep += 0.5f * potential[i] / BODIES;
  }
}

static void kick(float time_step) {
  for (int i = 0; i < BODIES; i++)
    for (int axis = 0; axis < 3; axis++) velocity[i][axis] += pull[i][axis] * (time_step * 0.5f);
}

int main(int argc, char **argv) {
  if (argc != 4) return 2;
  const uint32_t seed = (uint32_t)strtoul(argv[1], NULL, 0);
  const float time_step = strtof(argv[2], NULL), softening = strtof(argv[3], NULL);
  for (uint32_t i = 0; i < BODIES; i++) {
    uint32_t state = (seed * BODIES + i) * 2654435769u + 12345u;
    float push[3];
    point_in_sphere(&state, at[i]);
    point_in_sphere(&state, push);
    velocity[i][0] = -at[i][1] * 0.5f + push[0] * 0.3f;
    velocity[i][1] = at[i][0] * 0.5f + push[1] * 0.3f;
    velocity[i][2] = push[2] * 0.3f;
  }
  float kinetic, deep;
  feel(softening);
  energy(&kinetic, &deep);
  const float before = kinetic + deep;
  for (int round = 0; round < ROUNDS; round++) {
    kick(time_step);
    for (int i = 0; i < BODIES; i++)
      for (int axis = 0; axis < 3; axis++) at[i][axis] += velocity[i][axis] * time_step;
    feel(softening);
    kick(time_step);
  }
  energy(&kinetic, &deep);
  for (int i = 0; i < BODIES; i++) at[i][3] = potential[i];
  const float summary[4] = {before, kinetic + deep, (kinetic + deep - before) / fabsf(before), 2.0f * kinetic / fabsf(deep)};
  fwrite(at, sizeof at, 1, stdout);
  fwrite(summary, sizeof summary, 1, stdout);
  return 0;
}
