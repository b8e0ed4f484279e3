/* What an outage does to a grid, as rows of CSV. */
#ifndef REPORT_H
#define REPORT_H

#include "flow.h"
#include "grid.h"

void print_header(void);

/*
 * Prints what is beyond its limit in the grid, which lacks the branch `outage` (0 is none, 1 the first): one row for each violation, and where there is none
 * one row for the branch that comes closest.
 */
void print_outage(const grid *grid, const state *state, int outage);

#endif
