/*
 * How large an outbreak becomes: the SEIR equations for one choice of parameters.
 *
 *   outbreak R0 COVERAGE INFECTIOUS_DAYS
 *
 * R0 is how many others one infected person infects where nobody is immune; COVERAGE the share who are immune from the beginning, 0 to below 1;
 * INFECTIOUS_DAYS how long a person infects others. Before that everybody is infected for LATENT_DAYS without infecting.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

static const double LATENT_DAYS = 3, FIRST_INFECTED = 1e-6, STEP_DAYS = 1.0 / 64, OVER = 1e-10;
enum { DAYS_MAX = 200000 };

/* Shares of the population: susceptible, infected but not yet infectious, infectious. The rest is immune. */
typedef struct {
  double s, e, i;
} shares;

typedef struct {
  double infect, progress, recover; /* per day */
} rates;

static shares change(const shares *at, const rates *rates) {
  double infected = rates->infect * at->s * at->i, progressed = rates->progress * at->e, recovered = rates->recover * at->i;
  return (shares){.s = -infected, .e = infected - progressed, .i = progressed - recovered};
}

static shares moved(const shares *from, const shares *by, double days) {
  return (shares){.s = from->s + days * by->s, .e = from->e + days * by->e, .i = from->i + days * by->i};
}

/* One step of the classical Runge-Kutta method of fourth order. */
static shares step(const shares *at, const rates *rates) {
  shares k1 = change(at, rates), half = moved(at, &k1, STEP_DAYS / 2);
  shares k2 = change(&half, rates), other = moved(at, &k2, STEP_DAYS / 2);
  shares k3 = change(&other, rates), end = moved(at, &k3, STEP_DAYS);
  shares k4 = change(&end, rates);
  shares mean = {.s = (k1.s + 2 * k2.s + 2 * k3.s + k4.s) / 6, .e = (k1.e + 2 * k2.e + 2 * k3.e + k4.e) / 6, .i = (k1.i + 2 * k2.i + 2 * k3.i + k4.i) / 6};
  return moved(at, &mean, STEP_DAYS);
}

static double read_number(const char *text, const char *name, double least, double most) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || !(value >= least && value <= most)) {
    fprintf(stderr, "outbreak: %s must be a number from %g to %g, not \"%.40s\"\n", name, least, most, text);
    exit(2);
  }
  return value;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fputs("outbreak: say R0 COVERAGE INFECTIOUS_DAYS\n", stderr);
    return 2;
  }
  double r0 = read_number(argv[1], "R0", 0, 30), coverage = read_number(argv[2], "COVERAGE", 0, 0.999), days = read_number(argv[3], "INFECTIOUS_DAYS", 0.25, 100);
  rates rates = {.infect = r0 / days, .progress = 1 / LATENT_DAYS, .recover = 1 / days};
  shares now = {.s = 1 - coverage - FIRST_INFECTED, .e = FIRST_INFECTED};
  double begin = now.s, peak = 0, peak_day = 0, day = 0;
  for (long count = 0; now.e + now.i > OVER && day < DAYS_MAX; day = (double)++count * STEP_DAYS) {
    if (now.i > peak) peak = now.i, peak_day = day;
    now = step(&now, &rates);
  }
  /* Without an outbreak the peak is that of the first infected, which is no event of its own. */
  int is_outbreak = peak > 2 * FIRST_INFECTED;
  printf("r0,coverage,infectious_days,infected,peak,peak_day\n");
  printf("%.3f,%.3f,%.3f,%.6f,%.6f,", r0, coverage, days, begin - now.s, peak);
  if (is_outbreak) printf("%.0f", peak_day);
  printf("\n");
  return 0;
}
