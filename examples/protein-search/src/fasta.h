/* Reading protein FASTA. */
#ifndef FASTA_H
#define FASTA_H

#include <stdint.h>
#include <stdio.h>

typedef struct {
  const char *id;          /* the first word of the header */
  const char *description; /* the rest of the header, possibly empty */
  const uint8_t *residues; /* codes of blosum62.h */
  int length;
} sequence;

typedef struct {
  sequence *items;
  int count;
  int64_t residues;
} sequences;

/*
 * Reads every record of a stream. `name` is what messages call it. Text that is not protein FASTA ends the program
 * with a message on stderr and exit code 2.
 */
sequences read_fasta(FILE *stream, const char *name);

#endif
