#include "scan.h"

#include <stdlib.h>
#include <string.h>
#include <wasm_simd128.h>

#include "blosum62.h"
#include "fail.h"
#include "scoring.h"

/*
 * One target per SIMD lane, as in SWIPE (Rognes, BMC Bioinformatics 12, 2011): lanes never wait for each other, and
 * targets of like length share a batch so that little of it is padding. Scores are signed bytes counted from -128, so
 * that saturation at the bottom is the zero of local alignment and saturation at the top, SCAN_SCORE_MAX, an overflow.
 */
enum { LANES = 16, BLOCK = 4, ZERO = -128 };

struct scan_database {
  int count, batches;
  int *order;       /* target numbers by length */
  int *columns;     /* of each batch, a multiple of BLOCK */
  v128_t *residues; /* batch after batch: for each column one residue of every lane */
};

static const sequences *sorting;

static int by_length(const void *left, const void *right) {
  int a = *(const int *)left, b = *(const int *)right;
  int difference = sorting->items[a].length - sorting->items[b].length;
  return difference != 0 ? difference : a - b;
}

static int lanes_of(const scan_database *database, int batch) {
  int left = database->count - batch * LANES;
  return left < LANES ? left : LANES;
}

scan_database *scan_prepare(const sequences *targets) {
  scan_database *database = must_allocate(NULL, sizeof *database);
  database->count = targets->count;
  database->batches = (targets->count + LANES - 1) / LANES;
  database->order = must_allocate(NULL, (size_t)targets->count * sizeof(int));
  database->columns = must_allocate(NULL, (size_t)database->batches * sizeof(int));
  for (int i = 0; i < targets->count; i++) database->order[i] = i;
  sorting = targets;
  qsort(database->order, (size_t)targets->count, sizeof(int), by_length);

  size_t total = 0;
  for (int batch = 0; batch < database->batches; batch++) {
    int longest = database->order[batch * LANES + lanes_of(database, batch) - 1];
    database->columns[batch] = (targets->items[longest].length + BLOCK - 1) / BLOCK * BLOCK;
    total += (size_t)database->columns[batch];
  }
  database->residues = must_allocate(NULL, total * sizeof(v128_t));
  memset(database->residues, PADDING_CODE, total * sizeof(v128_t));
  uint8_t *column = (uint8_t *)database->residues;
  for (int batch = 0; batch < database->batches; batch++) {
    for (int lane = 0; lane < lanes_of(database, batch); lane++) {
      const sequence *target = &targets->items[database->order[batch * LANES + lane]];
      for (int j = 0; j < target->length; j++) column[j * LANES + lane] = target->residues[j];
    }
    column += (size_t)database->columns[batch] * LANES;
  }
  return database;
}

/* The scores of every residue code against the residues of BLOCK columns. */
typedef struct { v128_t of[BLOCK]; } block_scores;

static void look_up(const v128_t *columns, block_scores *scores) {
  for (int k = 0; k < BLOCK; k++) {
    v128_t low = columns[k], high = wasm_i8x16_sub(low, wasm_i8x16_splat(16));
    for (int code = 0; code < RESIDUE_CODES; code++) {
      /* An index outside 0..15 selects zero, so that exactly one of the two halves speaks. */
      v128_t first = wasm_i8x16_swizzle(wasm_v128_load(&blosum62[code][0]), low);
      v128_t second = wasm_i8x16_swizzle(wasm_v128_load(&blosum62[code][16]), high);
      scores[code].of[k] = wasm_v128_or(first, second);
    }
  }
}

/* What the scan keeps for each query position between two blocks of columns. */
typedef struct { v128_t score, gap_in_query; } cell;

/* One batch; a function of its own so that engines can replace its code by optimised code between two calls. */
__attribute__((noinline))
static v128_t scan_batch(const uint8_t *query, int length, const v128_t *columns, int count, cell *cells) {
  const v128_t zero = wasm_i8x16_splat(ZERO);
  const v128_t first = wasm_i8x16_splat(GAP_FIRST), extend = wasm_i8x16_splat(GAP_EXTEND);
  block_scores scores[RESIDUE_CODES];
  v128_t best = zero;
  for (int i = 0; i < length; i++) cells[i].score = cells[i].gap_in_query = zero;

  for (int j = 0; j < count; j += BLOCK) {
    look_up(columns + j, scores);
    v128_t diagonal[BLOCK], gap_in_target[BLOCK];
    for (int k = 0; k < BLOCK; k++) diagonal[k] = gap_in_target[k] = zero;
    for (int i = 0; i < length; i++) {
      const block_scores *row = &scores[query[i]];
      v128_t left = cells[i].score, gap_in_query = cells[i].gap_in_query;
#pragma clang loop unroll(full)
      for (int k = 0; k < BLOCK; k++) {
        v128_t here = wasm_i8x16_add_sat(diagonal[k], row->of[k]);
        here = wasm_i8x16_max(wasm_i8x16_max(here, gap_in_query), gap_in_target[k]);
        best = wasm_i8x16_max(best, here);
        diagonal[k] = left;
        left = here;
        v128_t opened = wasm_i8x16_sub_sat(here, first);
        gap_in_query = wasm_i8x16_max(wasm_i8x16_sub_sat(gap_in_query, extend), opened);
        gap_in_target[k] = wasm_i8x16_max(wasm_i8x16_sub_sat(gap_in_target[k], extend), opened);
      }
      cells[i].score = left;
      cells[i].gap_in_query = gap_in_query;
    }
  }
  return best;
}

void scan(const scan_database *database, const sequence *query, int *scores) {
  cell *cells = must_allocate(NULL, (size_t)query->length * sizeof(cell));
  const v128_t *columns = database->residues;
  for (int batch = 0; batch < database->batches; batch++) {
    int8_t best[LANES];
    v128_t result = scan_batch(query->residues, query->length, columns, database->columns[batch], cells);
    wasm_v128_store(best, result);
    for (int lane = 0; lane < lanes_of(database, batch); lane++) {
      scores[database->order[batch * LANES + lane]] = best[lane] - ZERO;
    }
    columns += database->columns[batch];
  }
  free(cells);
}
