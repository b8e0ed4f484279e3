/*
 * Sparse linear equations whose unknowns come in pairs: one 2 x 2 block for each bus, one for each pair of neighbours.
 * Elimination runs in an order of minimum degree that is found once, as the pattern is that of the grid and never changes.
 */
#ifndef BLOCK_LU_H
#define BLOCK_LU_H

#include <stdbool.h>

/* Row by row: a11 a12 a21 a22. */
typedef struct {
  double v[4];
} block;

typedef struct {
  int size;
  int *place_of; /* where an index comes in the order of elimination */
  int *index_at; /* the inverse */
  int *start;    /* of each place's part of `later`; size + 1 */
  int *later;    /* places coupled to it that come after it, rising */
  block *diagonal, *upper, *lower; /* upper[e]: (place, later[e]); lower[e]: (later[e], place) */
} block_matrix;

/* A matrix of zeros whose indexes `from[i]` and `to[i]` are coupled. */
block_matrix make_block_matrix(int size, int couplings, const int *from, const int *to);

void clear_blocks(block_matrix *matrix);

/* The block in row `row` and column `column`, both indexes; it must be coupled. */
block *block_at(block_matrix *matrix, int row, int column);

/* Solves in place: `values` holds a pair for each index, the right side before, the unknowns after. False where a pivot vanishes. Destroys the matrix. */
bool solve_blocks(block_matrix *matrix, double *values);

#endif
