#include "block-lu.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

/* Below this share of the product of its entries a pivot's determinant is rounding. */
static const double PIVOT_MIN = 1e-14;

/* Neighbours as bits, for eliminating on paper. */
typedef struct {
  int size, words;
  uint64_t *bits;
} neighbours;

static bool is_neighbour(const neighbours *of, int a, int b) { return (of->bits[(long)a * of->words + b / 64] >> (b % 64)) & 1; }
static void join(neighbours *of, int a, int b) { of->bits[(long)a * of->words + b / 64] |= (uint64_t)1 << (b % 64); }
static void part(neighbours *of, int a, int b) { of->bits[(long)a * of->words + b / 64] &= ~((uint64_t)1 << (b % 64)); }

static int degree_of(const neighbours *of, int index) {
  int degree = 0;
  for (int word = 0; word < of->words; word++) degree += __builtin_popcountll(of->bits[(long)index * of->words + word]);
  return degree;
}

static int compare_ints(const void *a, const void *b) { return (*(const int *)a > *(const int *)b) - (*(const int *)a < *(const int *)b); }

/* Takes away the index with the fewest neighbours, which become neighbours of each other, until none is left. */
static void order_by_degree(block_matrix *matrix, neighbours *graph) {
  int size = matrix->size, room = 4 * size + 16, count = 0;
  int *degree = must_allocate(NULL, (size_t)size * sizeof(int));
  int *around = must_allocate(NULL, (size_t)size * sizeof(int));
  matrix->later = must_allocate(NULL, (size_t)room * sizeof(int));
  for (int i = 0; i < size; i++) degree[i] = degree_of(graph, i);
  for (int place = 0; place < size; place++) {
    int best = -1, found = 0;
    for (int i = 0; i < size; i++)
      if (degree[i] >= 0 && (best == -1 || degree[i] < degree[best])) best = i;
    for (int i = 0; i < size; i++)
      if (is_neighbour(graph, best, i)) around[found++] = i;
    matrix->place_of[best] = place;
    matrix->index_at[place] = best;
    matrix->start[place] = count;
    while (count + found > room) matrix->later = must_allocate(matrix->later, (size_t)(room *= 2) * sizeof(int));
    memcpy(matrix->later + count, around, (size_t)found * sizeof(int));
    count += found;
    for (int a = 0; a < found; a++) {
      part(graph, around[a], best);
      for (int b = 0; b < found; b++)
        if (a != b) join(graph, around[a], around[b]);
    }
    for (int a = 0; a < found; a++) degree[around[a]] = degree_of(graph, around[a]);
    degree[best] = -1;
  }
  matrix->start[size] = count;
  free(degree);
  free(around);
}

block_matrix make_block_matrix(int size, int couplings, const int *from, const int *to) {
  block_matrix matrix = {.size = size};
  matrix.place_of = must_allocate(NULL, (size_t)size * sizeof(int));
  matrix.index_at = must_allocate(NULL, (size_t)size * sizeof(int));
  matrix.start = must_allocate(NULL, (size_t)(size + 1) * sizeof(int));
  neighbours graph = {.size = size, .words = (size + 63) / 64};
  graph.bits = must_allocate(NULL, (size_t)size * (size_t)graph.words * sizeof(uint64_t));
  memset(graph.bits, 0, (size_t)size * (size_t)graph.words * sizeof(uint64_t));
  for (int i = 0; i < couplings; i++) {
    if (from[i] == to[i]) continue;
    join(&graph, from[i], to[i]);
    join(&graph, to[i], from[i]);
  }
  order_by_degree(&matrix, &graph);
  free(graph.bits);
  for (int place = 0; place < size; place++) {
    int *later = matrix.later + matrix.start[place], count = matrix.start[place + 1] - matrix.start[place];
    for (int i = 0; i < count; i++) later[i] = matrix.place_of[later[i]];
    qsort(later, (size_t)count, sizeof(int), compare_ints);
  }
  size_t entries = (size_t)matrix.start[size];
  matrix.diagonal = must_allocate(NULL, (size_t)size * sizeof(block));
  matrix.upper = must_allocate(NULL, (entries + 1) * sizeof(block));
  matrix.lower = must_allocate(NULL, (entries + 1) * sizeof(block));
  clear_blocks(&matrix);
  return matrix;
}

void clear_blocks(block_matrix *matrix) {
  size_t entries = (size_t)matrix->start[matrix->size];
  memset(matrix->diagonal, 0, (size_t)matrix->size * sizeof(block));
  memset(matrix->upper, 0, entries * sizeof(block));
  memset(matrix->lower, 0, entries * sizeof(block));
}

static block *block_at_places(block_matrix *matrix, int row, int column) {
  if (row == column) return &matrix->diagonal[row];
  int first = row < column ? row : column, second = row < column ? column : row;
  int low = matrix->start[first], high = matrix->start[first + 1] - 1;
  while (low < high) {
    int middle = (low + high) / 2;
    if (matrix->later[middle] < second) low = middle + 1;
    else high = middle;
  }
  return row < column ? &matrix->upper[low] : &matrix->lower[low];
}

block *block_at(block_matrix *matrix, int row, int column) { return block_at_places(matrix, matrix->place_of[row], matrix->place_of[column]); }

static block product(const block *a, const block *b) {
  return (block){{a->v[0] * b->v[0] + a->v[1] * b->v[2], a->v[0] * b->v[1] + a->v[1] * b->v[3], a->v[2] * b->v[0] + a->v[3] * b->v[2],
                  a->v[2] * b->v[1] + a->v[3] * b->v[3]}};
}

static void subtract(block *from, const block *what) {
  for (int i = 0; i < 4; i++) from->v[i] -= what->v[i];
}

static void subtract_product(double *from, const block *a, const double *x) {
  from[0] -= a->v[0] * x[0] + a->v[1] * x[1];
  from[1] -= a->v[2] * x[0] + a->v[3] * x[1];
}

static bool invert(block *of) {
  double a = of->v[0], b = of->v[1], c = of->v[2], d = of->v[3];
  double determinant = a * d - b * c;
  if (!(fabs(determinant) > PIVOT_MIN * (fabs(a * d) + fabs(b * c)))) return false;
  *of = (block){{d / determinant, -b / determinant, -c / determinant, a / determinant}};
  return true;
}

bool solve_blocks(block_matrix *matrix, double *values) {
  int size = matrix->size;
  double *x = must_allocate(NULL, 2 * (size_t)size * sizeof(double));
  for (int place = 0; place < size; place++) memcpy(x + 2 * place, values + 2 * matrix->index_at[place], 2 * sizeof(double));
  bool is_regular = true;
  for (int place = 0; place < size && is_regular; place++) {
    is_regular = invert(&matrix->diagonal[place]);
    int start = matrix->start[place], end = matrix->start[place + 1];
    for (int row = start; row < end; row++) {
      block factor = product(&matrix->lower[row], &matrix->diagonal[place]);
      subtract_product(x + 2 * matrix->later[row], &factor, x + 2 * place);
      for (int column = start; column < end; column++) {
        block change = product(&factor, &matrix->upper[column]);
        subtract(block_at_places(matrix, matrix->later[row], matrix->later[column]), &change);
      }
    }
  }
  for (int place = size - 1; place >= 0 && is_regular; place--) {
    double *at = x + 2 * place;
    for (int column = matrix->start[place]; column < matrix->start[place + 1]; column++)
      subtract_product(at, &matrix->upper[column], x + 2 * matrix->later[column]);
    const block *inverse = &matrix->diagonal[place];
    double first = inverse->v[0] * at[0] + inverse->v[1] * at[1], second = inverse->v[2] * at[0] + inverse->v[3] * at[1];
    at[0] = first;
    at[1] = second;
  }
  for (int place = 0; place < size; place++) memcpy(values + 2 * matrix->index_at[place], x + 2 * place, 2 * sizeof(double));
  free(x);
  return is_regular;
}
