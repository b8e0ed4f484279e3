#include "grid.h"

#include <complex.h>
#include <math.h>
#include <stdio.h>

#include "fail.h"
#include "table.h"


static table read_table_in(const char *folder, const char *name) {
  char *path = must_allocate(NULL, 300);
  if (snprintf(path, 300, "%s/%s", folder, name) >= 300) fail("the folder's name is too long");
  return read_table(path);
}

static int bus_index(const grid *grid, double number, const char *table, int row) {
  for (int i = 0; i < grid->buses_count; i++)
    if (grid->buses[i].number == (int)number) return i;
  fail("%s, row %d: there is no bus %g", table, row + 1, number);
}

static void read_buses(grid *grid, const char *folder) {
  table read = read_table_in(folder, "bus.csv");
  int number = column_of(&read, "bus_i"), type = column_of(&read, "type"), pd = column_of(&read, "Pd"), qd = column_of(&read, "Qd");
  int gs = column_of(&read, "Gs"), bs = column_of(&read, "Bs"), va = column_of(&read, "Va"), v_max = column_of(&read, "Vmax"), v_min = column_of(&read, "Vmin");
  grid->buses_count = read.rows;
  grid->buses = must_allocate(NULL, (size_t)read.rows * sizeof(bus));
  grid->slack = -1;
  for (int i = 0; i < read.rows; i++) {
    bus *at = &grid->buses[i];
    *at = (bus){.number = (int)value_at(&read, i, number), .type = LOAD_BUS, .v_set = 1};
    at->p_load = value_at(&read, i, pd) / BASE_MVA;
    at->q_load = value_at(&read, i, qd) / BASE_MVA;
    at->g_shunt = value_at(&read, i, gs) / BASE_MVA;
    at->b_shunt = value_at(&read, i, bs) / BASE_MVA;
    at->v_min = value_at(&read, i, v_min);
    at->v_max = value_at(&read, i, v_max);
    if ((int)value_at(&read, i, type) != SLACK_BUS) continue;
    if (grid->slack != -1) fail("bus.csv has two buses of type 3");
    grid->slack = i;
    at->angle_set = value_at(&read, i, va) * RADIANS_PER_DEGREE;
  }
  if (grid->slack == -1) fail("bus.csv has no bus of type 3, the one that balances the others");
}

/* Generators in service turn their bus into one that holds its voltage; several on one bus act as one. */
static void read_generators(grid *grid, const char *folder) {
  table read = read_table_in(folder, "gen.csv");
  int on = column_of(&read, "bus"), pg = column_of(&read, "Pg"), vg = column_of(&read, "Vg"), status = column_of(&read, "status");
  int q_max = column_of(&read, "Qmax"), q_min = column_of(&read, "Qmin");
  for (int i = 0; i < read.rows; i++) {
    if (value_at(&read, i, status) <= 0) continue;
    int index = bus_index(grid, value_at(&read, i, on), "gen.csv", i);
    bus *at = &grid->buses[index];
    if (at->type == LOAD_BUS) at->v_set = value_at(&read, i, vg);
    at->type = index == grid->slack ? SLACK_BUS : GENERATOR_BUS;
    at->p_made += value_at(&read, i, pg) / BASE_MVA;
    at->q_made_min += value_at(&read, i, q_min) / BASE_MVA;
    at->q_made_max += value_at(&read, i, q_max) / BASE_MVA;
  }
  if (grid->buses[grid->slack].type != SLACK_BUS) fail("gen.csv has no generator in service at the bus of type 3");
}

static void read_branches(grid *grid, const char *folder) {
  table read = read_table_in(folder, "branch.csv");
  int from = column_of(&read, "fbus"), to = column_of(&read, "tbus"), r = column_of(&read, "r"), x = column_of(&read, "x"), b = column_of(&read, "b");
  int rate = column_of(&read, "rateA"), ratio = column_of(&read, "ratio"), angle = column_of(&read, "angle"), status = column_of(&read, "status");
  grid->branches_count = read.rows;
  grid->branches = must_allocate(NULL, (size_t)read.rows * sizeof(branch));
  for (int i = 0; i < read.rows; i++) {
    double size = value_at(&read, i, ratio) == 0 ? 1 : value_at(&read, i, ratio);
    double complex tap = size * cexp(I * value_at(&read, i, angle) * RADIANS_PER_DEGREE);
    double complex impedance = value_at(&read, i, r) + I * value_at(&read, i, x);
    if (impedance == 0) fail("branch.csv, row %d: neither resistance nor reactance", i + 1);
    double complex series = 1 / impedance, whole = series + I * value_at(&read, i, b) / 2;
    double complex ff = whole / (size * size), ft = -series / conj(tap), tf = -series / tap;
    branch *at = &grid->branches[i];
    *at = (branch){.g_ff = creal(ff), .b_ff = cimag(ff), .g_ft = creal(ft), .b_ft = cimag(ft), .g_tf = creal(tf), .b_tf = cimag(tf)};
    at->g_tt = creal(whole);
    at->b_tt = cimag(whole);
    at->from = bus_index(grid, value_at(&read, i, from), "branch.csv", i);
    at->to = bus_index(grid, value_at(&read, i, to), "branch.csv", i);
    at->rating = value_at(&read, i, rate);
    at->in_service = value_at(&read, i, status) > 0;
  }
}

grid read_grid(const char *folder) {
  grid read = {0};
  read_buses(&read, folder);
  read_generators(&read, folder);
  read_branches(&read, folder);
  return read;
}
