/* The voltages of a grid in balance: the power flow equations, solved by Newton's method. */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>

#include "block-lu.h"
#include "grid.h"

typedef struct state {
  double *v, *angle; /* of each bus: per unit, radians */
  bool *is_lit;      /* whether the bus is connected to the slack bus; the others have no voltage */
  bool has_solution;
} state;

/* What one branch carries, in MVA, at its end that carries more. */
double branch_flow(const grid *grid, const state *state, int branch);

state make_state(const grid *grid);
void free_state(state *state);

/*
 * Solves the grid with its branches that are in service and stores the voltages in `state`. Begins with the voltages in `begin`, or flat where that is
 * null: every load at 1, every angle that of the slack bus. A generator whose reactive limits do not suffice for its voltage gives what it can, and its
 * voltage moves; the slack bus has no limits. `has_solution` is false where Newton's method does not arrive.
 */
void solve_flow(const grid *grid, block_matrix *jacobian, state *state, const struct state *begin);

#endif
