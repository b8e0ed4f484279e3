/* A power grid: buses, branches and what is fed in, in per unit of the base power. */
#ifndef GRID_H
#define GRID_H

enum bus_type { LOAD_BUS = 1, GENERATOR_BUS = 2, SLACK_BUS = 3 };

/* The tables are in MW and MVAr; the equations in hundreds of them. */
#define BASE_MVA 100.0
#define RADIANS_PER_DEGREE (3.14159265358979323846 / 180)

typedef struct {
  int number; /* as in the table */
  enum bus_type type;
  double p_load, q_load;
  double p_made; /* by all generators of the bus */
  double q_made_min, q_made_max;
  double g_shunt, b_shunt;
  double v_set; /* what a generator holds; 1 at loads */
  double angle_set; /* of the slack bus, radians */
  double v_min, v_max;
} bus;

/* The two-port of a line or transformer (pi model; the ratio is on the "from" side). */
typedef struct branch {
  int from, to; /* indexes of buses */
  double g_ff, b_ff, g_ft, b_ft, g_tf, b_tf, g_tt, b_tt;
  double rating; /* MVA; 0 where there is none */
  int in_service;
} branch;

typedef struct {
  int buses_count, branches_count, slack;
  bus *buses;
  branch *branches;
} grid;

/* Reads bus.csv, branch.csv and gen.csv (columns as in MATPOWER's case format) from a folder. */
grid read_grid(const char *folder);

#endif
