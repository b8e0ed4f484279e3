#include "align.h"

#include <stdlib.h>

#include "blosum62.h"
#include "fail.h"
#include "scoring.h"

/* A score far below any reachable one that still leaves room for subtracting. */
enum { NEVER = -(1 << 29) };

/*
 * The best alignment that ends in one cell, with what has to be known about it. Carrying this along keeps the memory
 * linear in the query: there is no matrix to trace back through.
 */
typedef struct {
  int score;
  int query_start, target_start;
  int identities;
  int pairs;
} path;

static path charged(path p, int cost) {
  p.score -= cost;
  return p;
}

/* A gap one longer, or a new one behind `from`; a new one when both cost the same. */
static path gap(path open_gap, path from) {
  path opened = charged(from, GAP_FIRST), extended = charged(open_gap, GAP_EXTEND);
  return extended.score > opened.score ? extended : opened;
}

__attribute__((noinline))
static alignment align_columns(const sequence *query, const sequence *target, path *row, path *gaps_in_query) {
  const path nothing = {0}, never = {.score = NEVER};
  path best = nothing;
  int best_query = 0, best_target = 0;
  for (int i = 0; i < query->length; i++) {
    row[i] = nothing;
    gaps_in_query[i] = never;
  }
  for (int j = 0; j < target->length; j++) {
    int target_code = target->residues[j];
    path diagonal = nothing, gap_in_target = never;
    for (int i = 0; i < query->length; i++) {
      int query_code = query->residues[i];
      path here = diagonal;
      if (here.score == 0) here = (path){.query_start = i + 1, .target_start = j + 1};
      here.score += blosum62[query_code][target_code];
      here.identities += query_code == target_code;
      here.pairs++;
      if (gaps_in_query[i].score > here.score) here = gaps_in_query[i];
      if (gap_in_target.score > here.score) here = gap_in_target;
      if (here.score <= 0) here = nothing;
      if (here.score > best.score) {
        best = here;
        best_query = i + 1;
        best_target = j + 1;
      }
      diagonal = row[i];
      row[i] = here;
      gaps_in_query[i] = gap(gaps_in_query[i], here);
      gap_in_target = gap(gap_in_target, here);
    }
  }
  if (best.score == 0) return (alignment){0};
  int query_span = best_query - best.query_start + 1, target_span = best_target - best.target_start + 1;
  return (alignment){
    .score = best.score,
    .query_start = best.query_start, .query_end = best_query,
    .target_start = best.target_start, .target_end = best_target,
    .identities = best.identities,
    .gaps = query_span + target_span - 2 * best.pairs,
    .length = query_span + target_span - best.pairs,
  };
}

alignment align(const sequence *query, const sequence *target) {
  size_t bytes = (size_t)query->length * sizeof(path);
  path *row = must_allocate(NULL, bytes), *gaps_in_query = must_allocate(NULL, bytes);
  alignment result = align_columns(query, target, row, gaps_in_query);
  free(row);
  free(gaps_in_query);
  return result;
}
