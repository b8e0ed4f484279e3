/* BLOSUM62 and the letters it scores. */
#ifndef BLOSUM62_H
#define BLOSUM62_H

#include <stdint.h>

/* Codes run from 0 to RESIDUE_CODES - 1; a row of the table is padded to two SIMD registers. */
enum { RESIDUE_CODES = 27, ROW_BYTES = 32 };

/* The code of padding behind the end of a sequence; its score against everything is negative. */
enum { PADDING_CODE = 31 };

/* Scores in half bits: blosum62[a][b] for codes a and b. Filled by blosum62_init. */
extern int8_t blosum62[RESIDUE_CODES][ROW_BYTES];

void blosum62_init(void);

/* The code of an amino-acid letter (either case) or '*'; -1 for anything else. */
int residue_code(char letter);

#endif
