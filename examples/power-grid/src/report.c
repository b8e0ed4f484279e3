#include "report.h"

#include <math.h>
#include <stdio.h>

/*
 * How bad, on one scale: 1 is a limit, 1.2 is beyond it by a fifth of the way that there was. An outage that switches off load comes before all of those,
 * by how much of the load it is, and one that leaves no solution before everything.
 */
static const double NO_SOLUTION = 1000, LOAD_LOST = 100;

void print_header(void) { printf("outage,outage_from,outage_to,violation,at_from,at_to,value,limit,unit,severity\n"); }

typedef struct {
  const char *violation;
  int at_from, at_to; /* numbers of buses */
  double value, limit;
  const char *unit;
  double severity;
} finding;

static void print_finding(const grid *grid, int outage, const finding *found) {
  if (outage == 0) printf("0,,,");
  else printf("%d,%d,%d,", outage, grid->buses[grid->branches[outage - 1].from].number, grid->buses[grid->branches[outage - 1].to].number);
  printf("%s,", found->violation);
  if (found->at_from == 0) printf(",,");
  else printf("%d,%d,", found->at_from, found->at_to);
  printf("%.4f,%.4f,%s,%.4f\n", found->value, found->limit, found->unit, found->severity);
}

static int print_load_lost(const grid *grid, const state *state, int outage) {
  double lost = 0, all = 0;
  for (int i = 0; i < grid->buses_count; i++) {
    all += grid->buses[i].p_load;
    if (!state->is_lit[i]) lost += grid->buses[i].p_load;
  }
  if (lost <= 0) return 0;
  finding found = {.violation = "load-lost", .value = lost * BASE_MVA, .unit = "MW", .severity = LOAD_LOST * (1 + lost / all)};
  print_finding(grid, outage, &found);
  return 1;
}

static int print_voltages(const grid *grid, const state *state, int outage) {
  int count = 0;
  for (int i = 0; i < grid->buses_count; i++) {
    const bus *at = &grid->buses[i];
    double v = state->v[i], half = (at->v_max - at->v_min) / 2;
    double severity = fabs(v - (at->v_max + at->v_min) / 2) / half;
    if (!state->is_lit[i] || !(severity > 1 + 1e-6)) continue;
    finding found = {.at_from = at->number, .at_to = at->number, .value = v, .unit = "pu", .severity = severity};
    found.violation = v < at->v_min ? "undervoltage" : "overvoltage";
    found.limit = v < at->v_min ? at->v_min : at->v_max;
    print_finding(grid, outage, &found);
    count++;
  }
  return count;
}

/* The load of a branch with a rating. */
static finding load_of(const grid *grid, const state *state, int branch) {
  const struct branch *at = &grid->branches[branch];
  finding found = {.violation = "overload", .unit = "MVA", .limit = at->rating, .value = branch_flow(grid, state, branch)};
  found.at_from = grid->buses[at->from].number;
  found.at_to = grid->buses[at->to].number;
  found.severity = found.value / found.limit;
  return found;
}

/* Prints every branch above its rating; `closest` becomes the one that carries most of its own. */
static int print_overloads(const grid *grid, const state *state, int outage, finding *closest) {
  int count = 0;
  for (int k = 0; k < grid->branches_count; k++) {
    if (grid->branches[k].rating <= 0) continue;
    finding found = load_of(grid, state, k);
    if (found.severity > closest->severity) *closest = found;
    if (found.severity <= 1) continue;
    print_finding(grid, outage, &found);
    count++;
  }
  return count;
}

void print_outage(const grid *grid, const state *state, int outage) {
  if (!state->has_solution) {
    finding found = {.violation = "no-solution", .unit = "", .severity = NO_SOLUTION};
    print_finding(grid, outage, &found);
    return;
  }
  finding closest = {.unit = ""};
  int count = print_load_lost(grid, state, outage) + print_voltages(grid, state, outage) + print_overloads(grid, state, outage, &closest);
  if (count > 0) return;
  closest.violation = "none";
  print_finding(grid, outage, &closest);
}
