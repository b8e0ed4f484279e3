/*
 * Percolation on a square lattice: sites open one after the other in random order until the open ones form a path around it.
 *
 *   percolation RUN SEED SIZE TRIALS
 *
 * Prints for each trial which share of the sites was open when a cluster first went around the lattice (whose edges are joined, a torus) from left to right,
 * and from top to bottom. SEED is 0 to 2^64 - 1 and decides everything.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

enum { SIDE_MIN = 2, SIDE_MAX = 4096, TRIALS_MAX = 1000000 };

/* Sites point to their cluster's root; dx and dy lead from a site to where it points, without going around the edge. */
typedef struct {
  int parent, count; /* count: sites of the cluster, at a root */
  int dx, dy;
  bool is_open;
} site;

typedef struct {
  uint64_t words[4];
} random_source;

static uint64_t rotate(uint64_t x, int by) { return (x << by) | (x >> (64 - by)); }

/* xoshiro256** by Blackman and Vigna, its state filled by splitmix64. */
static uint64_t next_random(random_source *from) {
  uint64_t *s = from->words, result = rotate(s[1] * 5, 7) * 9, shifted = s[1] << 17;
  s[2] ^= s[0];
  s[3] ^= s[1];
  s[1] ^= s[2];
  s[0] ^= s[3];
  s[2] ^= shifted;
  s[3] = rotate(s[3], 45);
  return result;
}

static random_source make_random(uint64_t seed) {
  random_source made;
  for (int i = 0; i < 4; i++) {
    uint64_t z = (seed += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    made.words[i] = z ^ (z >> 31);
  }
  return made;
}

/* A number below `bound`, each as likely as the others: draws from the incomplete last round are thrown away. */
static uint32_t random_below(random_source *from, uint32_t bound) {
  uint64_t limit = UINT64_MAX - UINT64_MAX % bound, drawn;
  do drawn = next_random(from);
  while (drawn >= limit);
  return (uint32_t)(drawn % bound);
}

static void shuffle(int *order, int count, random_source *from) {
  for (int i = 0; i < count; i++) order[i] = i;
  for (int i = count - 1; i > 0; i--) {
    int j = (int)random_below(from, (uint32_t)i + 1), held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
}

/* The root of a site's cluster; afterwards the site, and all on the way, point to it directly. */
static int find_root(site *sites, int at) {
  int root = at, dx = 0, dy = 0;
  while (sites[root].parent != root) {
    dx += sites[root].dx;
    dy += sites[root].dy;
    root = sites[root].parent;
  }
  while (sites[at].parent != root && at != root) {
    site *here = &sites[at];
    int next = here->parent, step_x = here->dx, step_y = here->dy;
    *here = (site){.parent = root, .count = here->count, .dx = dx, .dy = dy, .is_open = true};
    dx -= step_x;
    dy -= step_y;
    at = next;
  }
  return root;
}

typedef struct {
  bool sideways, upright;
} wrapping;

/* Joins the clusters of two open neighbours, `step_x` and `step_y` apart. If they are one already and another way apart, it goes around. */
static wrapping join(site *sites, int a, int b, int step_x, int step_y) {
  int root_a = find_root(sites, a), root_b = find_root(sites, b);
  /* From the root of a to the root of b, by way of a and b; a root has no way to itself. */
  int dx = -sites[a].dx + step_x + sites[b].dx, dy = -sites[a].dy + step_y + sites[b].dy;
  if (root_a == root_b) return (wrapping){.sideways = dx != 0, .upright = dy != 0};
  if (sites[root_a].count < sites[root_b].count) {
    int held = root_a;
    root_a = root_b;
    root_b = held;
    dx = -dx;
    dy = -dy;
  }
  sites[root_a].count += sites[root_b].count;
  sites[root_b].parent = root_a;
  sites[root_b].dx = -dx;
  sites[root_b].dy = -dy;
  return (wrapping){false, false};
}

static wrapping open_site(site *sites, int size, int at) {
  static const int STEPS[4][2] = {{1, 0}, {-1, 0}, {0, 1}, {0, -1}};
  wrapping found = {false, false};
  int x = at % size, y = at / size;
  sites[at] = (site){.parent = at, .count = 1, .is_open = true};
  for (int k = 0; k < 4; k++) {
    int other = (y + STEPS[k][1] + size) % size * size + (x + STEPS[k][0] + size) % size;
    if (!sites[other].is_open || other == at) continue;
    wrapping joined = join(sites, at, other, STEPS[k][0], STEPS[k][1]);
    found.sideways |= joined.sideways;
    found.upright |= joined.upright;
  }
  return found;
}

static void run_trial(site *sites, int *order, int size, random_source *from, double *sideways, double *upright) {
  int count = size * size;
  for (int i = 0; i < count; i++) sites[i] = (site){.parent = i};
  shuffle(order, count, from);
  *sideways = *upright = 0;
  for (int i = 0; i < count && (*sideways == 0 || *upright == 0); i++) {
    wrapping found = open_site(sites, size, order[i]);
    double share = (double)(i + 1) / count;
    if (found.sideways && *sideways == 0) *sideways = share;
    if (found.upright && *upright == 0) *upright = share;
  }
}

static uint64_t read_number(const char *text, const char *name, uint64_t least, uint64_t most) {
  char *end;
  errno = 0;
  uint64_t value = strtoull(text, &end, 10);
  if (*text < '0' || *text > '9' || *end != '\0' || errno != 0 || value < least || value > most) {
    fprintf(stderr, "percolation: %s must be a whole number from %" PRIu64 " to %" PRIu64 ", not \"%.40s\"\n", name, least, most, text);
    exit(2);
  }
  return value;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fputs("percolation: say RUN SEED SIZE TRIALS\n", stderr);
    return 2;
  }
  uint64_t run = read_number(argv[1], "RUN", 0, UINT64_MAX);
  random_source from = make_random(read_number(argv[2], "SEED", 0, UINT64_MAX));
  int size = (int)read_number(argv[3], "SIZE", SIDE_MIN, SIDE_MAX), trials = (int)read_number(argv[4], "TRIALS", 1, TRIALS_MAX);
  site *sites = malloc((size_t)size * (size_t)size * sizeof(site));
  int *order = malloc((size_t)size * (size_t)size * sizeof(int));
  /* A trap, not an exit code: how much memory a machine gives is not a property of the input. */
  if (sites == NULL || order == NULL) abort();
  printf("run,trial,sideways,upright\n");
  for (int trial = 0; trial < trials; trial++) {
    double sideways, upright;
    run_trial(sites, order, size, &from, &sideways, &upright);
    printf("%" PRIu64 ",%d,%.6f,%.6f\n", run, trial, sideways, upright);
  }
  return 0;
}
