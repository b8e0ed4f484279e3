#include "flow.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

static const double MISMATCH_MAX = 1e-9; /* per unit: a tenth of a watt in a hundred megawatts */
enum { ITERATIONS_MAX = 40, SWITCH_ROUNDS_MAX = 30, RETURNS_MAX = 2 };
/* How far a generator may be beyond its reactive limit before it gives up its voltage, per unit: 0.01 MVAr. */
static const double LIMIT_SLACK = 1e-4;

enum hold { FREE, AT_MIN, AT_MAX };

typedef struct {
  const grid *grid;
  block_matrix *jacobian;
  state *state;
  enum hold *hold; /* FREE: the bus keeps to its type */
  int *returns;
  double *rest; /* pairs: missing active and reactive power */
} work;

static bool holds_voltage(const work *work, int i) { return work->grid->buses[i].type == GENERATOR_BUS && work->hold[i] == FREE; }

static double q_made(const work *work, int i) {
  const bus *at = &work->grid->buses[i];
  return work->hold[i] == AT_MIN ? at->q_made_min : work->hold[i] == AT_MAX ? at->q_made_max : 0;
}

/* One end of a branch: what flows in at bus i towards bus j, and how that changes with both. */
static void add_end(work *work, int i, int j, double g_own, double b_own, double g_far, double b_far) {
  const state *state = work->state;
  double vi = state->v[i], vj = state->v[j], apart = state->angle[i] - state->angle[j];
  double cosine = cos(apart), sine = sin(apart);
  double even = g_far * cosine + b_far * sine, odd = g_far * sine - b_far * cosine;
  work->rest[2 * i] -= vi * vi * g_own + vi * vj * even;
  work->rest[2 * i + 1] -= -vi * vi * b_own + vi * vj * odd;
  double own[4] = {-vi * vj * odd, 2 * vi * g_own + vj * even, vi * vj * even, -2 * vi * b_own + vj * odd};
  double far[4] = {vi * vj * odd, vi * even, -vi * vj * even, vi * odd};
  block *diagonal = block_at(work->jacobian, i, i), *beside = block_at(work->jacobian, i, j);
  for (int k = 0; k < 4; k++) diagonal->v[k] += own[k];
  for (int k = 0; k < 4; k++) beside->v[k] += far[k];
}

/* Powers that are missing at every bus, and the Jacobian, at the present voltages. */
static void measure(work *work) {
  const grid *grid = work->grid;
  clear_blocks(work->jacobian);
  for (int i = 0; i < grid->buses_count; i++) {
    const bus *at = &grid->buses[i];
    double v = work->state->v[i];
    work->rest[2 * i] = at->p_made - at->p_load - v * v * at->g_shunt;
    work->rest[2 * i + 1] = q_made(work, i) - at->q_load + v * v * at->b_shunt;
    block *diagonal = block_at(work->jacobian, i, i);
    diagonal->v[1] += 2 * v * at->g_shunt;
    diagonal->v[3] -= 2 * v * at->b_shunt;
  }
  for (int k = 0; k < grid->branches_count; k++) {
    const branch *at = &grid->branches[k];
    if (!at->in_service || !work->state->is_lit[at->from]) continue;
    add_end(work, at->from, at->to, at->g_ff, at->b_ff, at->g_ft, at->b_ft);
    add_end(work, at->to, at->from, at->g_tt, at->b_tt, at->g_tf, at->b_tf);
  }
}

/* Which unknowns are known: pairs of angle and voltage. A bus without power has neither, so nothing of it may change. */
static void find_known(const work *work, bool *is_known) {
  for (int i = 0; i < work->grid->buses_count; i++) {
    bool is_whole = i == work->grid->slack || !work->state->is_lit[i];
    is_known[2 * i] = is_whole;
    is_known[2 * i + 1] = is_whole || holds_voltage(work, i);
  }
}

static void clear_row(block *of, int row) { of->v[2 * row] = of->v[2 * row + 1] = 0; }

/* Replaces the equations of what is known by "does not change". */
static void fix_known(work *work) {
  block_matrix *jacobian = work->jacobian;
  bool *is_known = must_allocate(NULL, 2 * (size_t)jacobian->size * sizeof(bool));
  find_known(work, is_known);
  for (int place = 0; place < jacobian->size; place++) {
    int index = jacobian->index_at[place];
    for (int row = 0; row < 2; row++) {
      bool is_fixed = is_known[2 * index + row];
      if (is_fixed) {
        clear_row(&jacobian->diagonal[place], row);
        jacobian->diagonal[place].v[3 * row] = 1;
        work->rest[2 * index + row] = 0;
      }
      for (int e = jacobian->start[place]; e < jacobian->start[place + 1]; e++) {
        if (is_fixed) clear_row(&jacobian->upper[e], row);
        if (is_known[2 * jacobian->index_at[jacobian->later[e]] + row]) clear_row(&jacobian->lower[e], row);
      }
    }
  }
  free(is_known);
}

static double largest(const double *values, int count) {
  double most = 0;
  for (int i = 0; i < count; i++)
    if (!(fabs(values[i]) <= most)) most = fabs(values[i]);
  return most;
}

static bool iterate(work *work) {
  int count = work->grid->buses_count;
  for (int iteration = 0; iteration < ITERATIONS_MAX; iteration++) {
    measure(work);
    fix_known(work);
    double mismatch = largest(work->rest, 2 * count);
    if (mismatch <= MISMATCH_MAX) return true;
    if (!isfinite(mismatch) || !solve_blocks(work->jacobian, work->rest)) return false;
    for (int i = 0; i < count; i++) {
      work->state->angle[i] += work->rest[2 * i];
      work->state->v[i] += work->rest[2 * i + 1];
    }
  }
  return false;
}

/* Lets go of voltages that generators cannot hold, and takes them up again where they can; returns whether anything changed. */
static bool switch_generators(work *work) {
  const grid *grid = work->grid;
  bool has_changed = false;
  measure(work);
  for (int i = 0; i < grid->buses_count; i++) {
    const bus *at = &grid->buses[i];
    if (at->type != GENERATOR_BUS || !work->state->is_lit[i]) continue;
    double q = -work->rest[2 * i + 1];
    enum hold before = work->hold[i];
    if (before == FREE) {
      work->hold[i] = q > at->q_made_max + LIMIT_SLACK ? AT_MAX : q < at->q_made_min - LIMIT_SLACK ? AT_MIN : FREE;
    } else if (work->returns[i] < RETURNS_MAX) {
      bool could_hold = before == AT_MAX ? work->state->v[i] > at->v_set : work->state->v[i] < at->v_set;
      if (could_hold) work->hold[i] = FREE, work->state->v[i] = at->v_set, work->returns[i]++;
    }
    has_changed = has_changed || work->hold[i] != before;
  }
  return has_changed;
}

static void find_lit(const grid *grid, bool *is_lit) {
  memset(is_lit, 0, (size_t)grid->buses_count * sizeof(bool));
  is_lit[grid->slack] = true;
  for (bool has_grown = true; has_grown;) {
    has_grown = false;
    for (int k = 0; k < grid->branches_count; k++) {
      const branch *at = &grid->branches[k];
      if (!at->in_service || is_lit[at->from] == is_lit[at->to]) continue;
      is_lit[at->from] = is_lit[at->to] = has_grown = true;
    }
  }
}

static void begin_voltages(const grid *grid, state *state, const struct state *begin) {
  for (int i = 0; i < grid->buses_count; i++) {
    bool is_held = grid->buses[i].type != LOAD_BUS;
    state->v[i] = is_held || begin == NULL ? grid->buses[i].v_set : begin->v[i];
    state->angle[i] = begin == NULL ? grid->buses[grid->slack].angle_set : begin->angle[i];
  }
}

state make_state(const grid *grid) {
  size_t count = (size_t)grid->buses_count;
  state made = {.v = must_allocate(NULL, count * sizeof(double)), .angle = must_allocate(NULL, count * sizeof(double))};
  made.is_lit = must_allocate(NULL, count * sizeof(bool));
  return made;
}

void free_state(state *state) {
  free(state->v);
  free(state->angle);
  free(state->is_lit);
}

double branch_flow(const grid *grid, const state *state, int branch) {
  const struct branch *at = &grid->branches[branch];
  if (!at->in_service || !state->is_lit[at->from]) return 0;
  double vf = state->v[at->from], vt = state->v[at->to], apart = state->angle[at->from] - state->angle[at->to];
  double cosine = cos(apart), sine = sin(apart);
  double p_from = vf * vf * at->g_ff + vf * vt * (at->g_ft * cosine + at->b_ft * sine);
  double q_from = -vf * vf * at->b_ff + vf * vt * (at->g_ft * sine - at->b_ft * cosine);
  double p_to = vt * vt * at->g_tt + vf * vt * (at->g_tf * cosine - at->b_tf * sine);
  double q_to = -vt * vt * at->b_tt + vf * vt * (-at->g_tf * sine - at->b_tf * cosine);
  return BASE_MVA * fmax(hypot(p_from, q_from), hypot(p_to, q_to));
}

void solve_flow(const grid *grid, block_matrix *jacobian, state *state, const struct state *begin) {
  size_t count = (size_t)grid->buses_count;
  work work = {.grid = grid, .jacobian = jacobian, .state = state};
  work.hold = must_allocate(NULL, count * sizeof(enum hold));
  work.returns = must_allocate(NULL, count * sizeof(int));
  work.rest = must_allocate(NULL, 2 * count * sizeof(double));
  memset(work.hold, 0, count * sizeof(enum hold));
  memset(work.returns, 0, count * sizeof(int));
  begin_voltages(grid, state, begin);
  find_lit(grid, state->is_lit);
  state->has_solution = iterate(&work);
  for (int round = 0; state->has_solution && switch_generators(&work); round++)
    state->has_solution = round < SWITCH_ROUNDS_MAX && iterate(&work);
  free(work.hold);
  free(work.returns);
  free(work.rest);
}
