/* What a gap costs: a gap of length k costs GAP_OPEN + k * GAP_EXTEND, which is what BLAST calls "11/1". */
#ifndef SCORING_H
#define SCORING_H

enum { GAP_OPEN = 11, GAP_EXTEND = 1, GAP_FIRST = GAP_OPEN + GAP_EXTEND };

#endif
