/*
 * The N-1 rule of power grids: after the loss of any one branch, is everything else still within its limits?
 *
 *   power-grid voltages FOLDER                         the solved voltages of the whole grid, from a flat start
 *   power-grid outages FOLDER FROM TO [FACTOR FLOOR]   outages FROM to TO - 1; 0 is the whole grid, 1 the branch in the first row of branch.csv
 *
 * Branches whose rating is 0 have no limit; with FACTOR and FLOOR they are rated at FACTOR times what they carry in the whole grid, at least FLOOR MVA.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"
#include "flow.h"
#include "grid.h"
#include "report.h"

static block_matrix make_jacobian(const grid *grid) {
  int *from = must_allocate(NULL, (size_t)grid->branches_count * sizeof(int));
  int *to = must_allocate(NULL, (size_t)grid->branches_count * sizeof(int));
  for (int k = 0; k < grid->branches_count; k++) from[k] = grid->branches[k].from, to[k] = grid->branches[k].to;
  block_matrix made = make_block_matrix(grid->buses_count, grid->branches_count, from, to);
  free(from);
  free(to);
  return made;
}

static double read_number(const char *text, const char *name) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !isfinite(value)) fail("%s must be a number, not \"%.40s\"", name, text);
  return value;
}

static int read_outage(const char *text, const char *name, const grid *grid) {
  double value = read_number(text, name);
  if (value < 0 || value > grid->branches_count + 1 || value != floor(value))
    fail("%s must be a whole number from 0 to %d, the number of branches and one", name, grid->branches_count + 1);
  return (int)value;
}

static void print_solution(const grid *grid) {
  block_matrix jacobian = make_jacobian(grid);
  state whole = make_state(grid);
  solve_flow(grid, &jacobian, &whole, NULL);
  if (!whole.has_solution) fail("the grid has no solution");
  printf("bus,vm,va\n");
  for (int i = 0; i < grid->buses_count; i++) {
    double v = whole.is_lit[i] ? whole.v[i] : 0, angle = whole.is_lit[i] ? whole.angle[i] : 0;
    printf("%d,%.9f,%.9f\n", grid->buses[i].number, v, angle / RADIANS_PER_DEGREE);
  }
}

static void rate_branches(grid *grid, const state *whole, double factor, double least) {
  for (int k = 0; k < grid->branches_count; k++)
    if (grid->branches[k].rating <= 0) grid->branches[k].rating = fmax(factor * branch_flow(grid, whole, k), least);
}

/* The branch does without; a solution is looked for from the voltages of the whole grid first, then from flat ones. */
static void print_without(grid *grid, block_matrix *jacobian, const state *whole, int outage) {
  state after = make_state(grid);
  int *in_service = outage == 0 ? NULL : &grid->branches[outage - 1].in_service, before = outage == 0 ? 0 : *in_service;
  if (in_service != NULL) *in_service = 0;
  solve_flow(grid, jacobian, &after, whole);
  if (!after.has_solution) solve_flow(grid, jacobian, &after, NULL);
  print_outage(grid, &after, outage);
  if (in_service != NULL) *in_service = before;
  free_state(&after);
}

static void print_outages(grid *grid, int argc, char **argv) {
  int from = read_outage(argv[3], "FROM", grid), to = read_outage(argv[4], "TO", grid);
  block_matrix jacobian = make_jacobian(grid);
  state whole = make_state(grid);
  solve_flow(grid, &jacobian, &whole, NULL);
  if (!whole.has_solution) fail("the whole grid has no solution, so none of its outages can be judged");
  if (argc == 7) rate_branches(grid, &whole, read_number(argv[5], "FACTOR"), read_number(argv[6], "FLOOR"));
  print_header();
  for (int outage = from; outage < to; outage++) print_without(grid, &jacobian, &whole, outage);
}

int main(int argc, char **argv) {
  if (argc < 3) fail("say \"voltages FOLDER\" or \"outages FOLDER FROM TO [FACTOR FLOOR]\"");
  grid grid = read_grid(argv[2]);
  if (strcmp(argv[1], "voltages") == 0 && argc == 3) print_solution(&grid);
  else if (strcmp(argv[1], "outages") == 0 && (argc == 5 || argc == 7)) print_outages(&grid, argc, argv);
  else fail("say \"voltages FOLDER\" or \"outages FOLDER FROM TO [FACTOR FLOOR]\"");
  if (fflush(stdout) != 0) fail("cannot write the output");
  return 0;
}
