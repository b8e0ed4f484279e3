#include "blosum62.h"

/*
 * The lower triangle of BLOSUM62 as NCBI's BLAST uses it (Henikoff & Henikoff, PNAS 89, 1992; ambiguity codes as in
 * NCBI's revision of 2006, public domain). BLAST scores U (selenocysteine) as C and O (pyrrolysine) as X.
 */
static const char LETTERS[RESIDUE_CODES + 1] = "ARNDCQEGHILKMFPSTWYVBJZX*UO";
enum { TABLED_CODES = 25, CODE_C = 4, CODE_X = 23, CODE_U = 25, CODE_O = 26, PADDING_SCORE = -8 };

static const int8_t TRIANGLE[TABLED_CODES * (TABLED_CODES + 1) / 2] = {
  /* A */  4,
  /* R */ -1,  5,
  /* N */ -2,  0,  6,
  /* D */ -2, -2,  1,  6,
  /* C */  0, -3, -3, -3,  9,
  /* Q */ -1,  1,  0,  0, -3,  5,
  /* E */ -1,  0,  0,  2, -4,  2,  5,
  /* G */  0, -2,  0, -1, -3, -2, -2,  6,
  /* H */ -2,  0,  1, -1, -3,  0,  0, -2,  8,
  /* I */ -1, -3, -3, -3, -1, -3, -3, -4, -3,  4,
  /* L */ -1, -2, -3, -4, -1, -2, -3, -4, -3,  2,  4,
  /* K */ -1,  2,  0, -1, -3,  1,  1, -2, -1, -3, -2,  5,
  /* M */ -1, -1, -2, -3, -1,  0, -2, -3, -2,  1,  2, -1,  5,
  /* F */ -2, -3, -3, -3, -2, -3, -3, -3, -1,  0,  0, -3,  0,  6,
  /* P */ -1, -2, -2, -1, -3, -1, -1, -2, -2, -3, -3, -1, -2, -4,  7,
  /* S */  1, -1,  1,  0, -1,  0,  0,  0, -1, -2, -2,  0, -1, -2, -1,  4,
  /* T */  0, -1,  0, -1, -1, -1, -1, -2, -2, -1, -1, -1, -1, -2, -1,  1,  5,
  /* W */ -3, -3, -4, -4, -2, -2, -3, -2, -2, -3, -2, -3, -1,  1, -4, -3, -2, 11,
  /* Y */ -2, -2, -2, -3, -2, -1, -2, -3,  2, -1, -1, -2, -1,  3, -3, -2, -2,  2,  7,
  /* V */  0, -3, -3, -3, -1, -2, -2, -3, -3,  3,  1, -2,  1, -1, -2, -2,  0, -3, -1,  4,
  /* B */ -2, -1,  4,  4, -3,  0,  1, -1,  0, -3, -4,  0, -3, -3, -2,  0, -1, -4, -3, -3,  4,
  /* J */ -1, -2, -3, -3, -1, -2, -3, -4, -3,  3,  3, -3,  2,  0, -3, -2, -1, -2, -1,  2, -3,  3,
  /* Z */ -1,  0,  0,  1, -3,  4,  4, -2,  0, -3, -3,  1, -1, -3, -1,  0, -1, -2, -2, -2,  0, -3,  4,
  /* X */ -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1, -1,
  /* * */ -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4, -4,  1,
};

int8_t blosum62[RESIDUE_CODES][ROW_BYTES];
static int8_t codes[256];

static int scored_as(int code) {
  if (code == CODE_U) return CODE_C;
  if (code == CODE_O) return CODE_X;
  return code;
}

void blosum62_init(void) {
  for (int a = 0; a < RESIDUE_CODES; a++) {
    for (int b = 0; b < ROW_BYTES; b++) blosum62[a][b] = PADDING_SCORE;
    for (int b = 0; b < RESIDUE_CODES; b++) {
      int high = scored_as(a), low = scored_as(b);
      if (high < low) { int swap = high; high = low; low = swap; }
      blosum62[a][b] = TRIANGLE[high * (high + 1) / 2 + low];
    }
  }
  for (int i = 0; i < 256; i++) codes[i] = -1;
  for (int code = 0; code < RESIDUE_CODES; code++) {
    unsigned char letter = (unsigned char)LETTERS[code];
    codes[letter] = (int8_t)code;
    if (letter >= 'A') codes[letter + ('a' - 'A')] = (int8_t)code;
  }
}

int residue_code(char letter) {
  return codes[(unsigned char)letter];
}
