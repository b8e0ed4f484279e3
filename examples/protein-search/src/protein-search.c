/*
 * protein-search: the best local alignments of query proteins against a database.
 *
 *   protein-search --database FILE [--hits N] < queries.fasta > hits.csv
 *
 * Smith-Waterman, BLOSUM62, affine gaps 11/1. README.md states every convention.
 */
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "align.h"
#include "blosum62.h"
#include "fail.h"
#include "fasta.h"
#include "scan.h"

enum { HITS_DEFAULT = 10, HITS_MAX = 1000 };

/* The statistics of gapped BLOSUM62 11/1 alignments (Altschul & Gish, Methods Enzymol. 266, 1996; used by BLAST). */
static const double LAMBDA = 0.267, KAPPA = 0.041;

typedef struct {
  const char *database;
  int hits;
} options;

typedef struct {
  int target;
  int score;
} hit;

static int positive_number(const char *text) {
  char *end;
  errno = 0;
  long value = strtol(text, &end, 10);
  if (errno != 0 || end == text || *end != '\0' || value < 1 || value > HITS_MAX) {
    fail("--hits takes a whole number from 1 to %d, not \"%s\"", HITS_MAX, text);
  }
  return (int)value;
}

static options read_options(int count, char **arguments) {
  options chosen = {.database = NULL, .hits = HITS_DEFAULT};
  for (int i = 1; i < count; i += 2) {
    int is_database = strcmp(arguments[i], "--database") == 0;
    if (!is_database && strcmp(arguments[i], "--hits") != 0) fail("unknown argument \"%s\"", arguments[i]);
    if (i + 1 == count) fail("%s needs a value", arguments[i]);
    if (is_database) chosen.database = arguments[i + 1];
    else chosen.hits = positive_number(arguments[i + 1]);
  }
  if (chosen.database == NULL) fail("name the database: --database FILE");
  return chosen;
}

static sequences read_database(const char *path) {
  FILE *file = fopen(path, "rb");
  if (file == NULL) fail("the database %s cannot be opened: %s", path, strerror(errno));
  sequences targets = read_fasta(file, path);
  fclose(file);
  return targets;
}

/* Keeps the best hits, highest score first, equal scores in database order. Returns how many there are now. */
static int keep(hit *best, int kept, int room, hit candidate) {
  if (kept == room && best[kept - 1].score >= candidate.score) return kept;
  int at = kept < room ? kept++ : kept - 1;
  for (; at > 0 && best[at - 1].score < candidate.score; at--) best[at] = best[at - 1];
  best[at] = candidate;
  return kept;
}

/* One CSV field, quoted only when it has to be (RFC 4180). */
static void print_field(const char *text) {
  if (strpbrk(text, ",\"\r") == NULL) {
    fputs(text, stdout);
    return;
  }
  putchar('"');
  for (; *text != '\0'; text++) {
    if (*text == '"') putchar('"');
    putchar(*text);
  }
  putchar('"');
}

static void print_hit(const sequence *query, const sequences *targets, hit found, int rank) {
  const sequence *target = &targets->items[found.target];
  alignment a = align(query, target);
  /* The scan and the alignment compute one number in two ways: where they differ there is no result. */
  if (a.score != found.score) abort();
  double bits = (LAMBDA * a.score - log(KAPPA)) / log(2.0);
  double expected = KAPPA * query->length * (double)targets->residues * exp(-LAMBDA * a.score);
  print_field(query->id);
  printf(",%d,", rank);
  print_field(target->id);
  printf(",%d,%.1f,%.1e,%d,%d,%.1f,%d,%d,%d,%d,%d,", a.score, bits, expected, a.identities, a.length,
         100.0 * a.identities / a.length, a.gaps, a.query_start, a.query_end, a.target_start, a.target_end);
  print_field(target->description);
  putchar('\n');
}

static void search(const sequence *query, const sequences *targets, const scan_database *database, int room) {
  int *scores = must_allocate(NULL, (size_t)targets->count * sizeof *scores);
  hit *best = must_allocate(NULL, (size_t)room * sizeof *best);
  int kept = 0;
  scan(database, query, scores);
  for (int i = 0; i < targets->count; i++) {
    int score = scores[i] < SCAN_SCORE_MAX ? scores[i] : align(query, &targets->items[i]).score;
    if (score > 0) kept = keep(best, kept, room, (hit){.target = i, .score = score});
  }
  for (int i = 0; i < kept; i++) print_hit(query, targets, best[i], i + 1);
  free(best);
  free(scores);
}

int main(int count, char **arguments) {
  blosum62_init();
  options chosen = read_options(count, arguments);
  sequences queries = read_fasta(stdin, "standard input");
  sequences targets = read_database(chosen.database);
  const scan_database *database = scan_prepare(&targets);
  puts("query,rank,target,score,bits,evalue,identities,length,identity_percent,gaps,"
       "query_start,query_end,target_start,target_end,target_description");
  for (int i = 0; i < queries.count; i++) search(&queries.items[i], &targets, database, chosen.hits);
  if (fflush(stdout) != 0 || ferror(stdout)) {
    fputs("protein-search: the result could not be written\n", stderr);
    return 1;
  }
  return 0;
}
