/* The score of one query against a whole database, sixteen targets at a time. */
#ifndef SCAN_H
#define SCAN_H

#include "fasta.h"

/* Scores above this do not fit the scan's bytes: it reports the limit itself and the pair has to be aligned exactly. */
enum { SCAN_SCORE_MAX = 255 };

typedef struct scan_database scan_database;

/* Arranges a database for scanning; it stays valid as long as `targets` does. */
scan_database *scan_prepare(const sequences *targets);

/* Writes the local alignment score of every target, or SCAN_SCORE_MAX when it is that or more, in database order. */
void scan(const scan_database *database, const sequence *query, int *scores);

#endif
