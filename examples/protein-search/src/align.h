/* The exact local alignment of one pair of sequences. */
#ifndef ALIGN_H
#define ALIGN_H

#include "fasta.h"

/* Positions count from 1 and are inclusive. A score of 0 means that nothing aligns; the rest is then 0 too. */
typedef struct {
  int score;
  int query_start, query_end;
  int target_start, target_end;
  int identities; /* columns with the same letter on both sides */
  int gaps;       /* columns with a letter on one side only */
  int length;     /* all columns */
} alignment;

/*
 * Smith-Waterman with affine gaps (Gotoh 1982). Where several alignments share the best score, the one reported ends
 * first in the target, then first in the query; going back from its end, a pair of residues is preferred to a gap in
 * the query, that to a gap in the target, and a gap is as short as it can be.
 */
alignment align(const sequence *query, const sequence *target);

#endif
