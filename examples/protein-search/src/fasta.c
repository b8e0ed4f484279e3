#include "fasta.h"

#include <stdlib.h>
#include <string.h>

#include "blosum62.h"
#include "fail.h"

enum { READ_BYTES_MIN = 1 << 16, RECORDS_MIN = 64 };

/* The whole stream, with a zero byte behind it. */
static char *read_all(FILE *stream, const char *name, size_t *length) {
  size_t capacity = READ_BYTES_MIN, used = 0;
  char *text = must_allocate(NULL, capacity);
  for (;;) {
    size_t got = fread(text + used, 1, capacity - used - 1, stream);
    used += got;
    if (got == 0) break;
    if (capacity - used - 1 == 0) text = must_allocate(text, capacity *= 2);
  }
  if (ferror(stream)) fail("%s could not be read", name);
  text[used] = '\0';
  *length = used;
  return text;
}

static int is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts a header line (without '>') in place into its first word and the rest. */
static void split_header(char *line, sequence *record) {
  char *end = line + strlen(line);
  while (end > line && is_blank(end[-1])) end--;
  *end = '\0';
  char *space = line;
  while (*space != '\0' && !is_blank(*space)) space++;
  record->id = line;
  record->description = space;
  if (*space == '\0') return;
  *space++ = '\0';
  while (is_blank(*space)) space++;
  record->description = space;
}

static sequence *add_record(sequences *all, int *capacity) {
  if (all->count == *capacity) {
    *capacity = *capacity == 0 ? RECORDS_MIN : *capacity * 2;
    all->items = must_allocate(all->items, (size_t)*capacity * sizeof *all->items);
  }
  return &all->items[all->count++];
}

static void check_record(const sequence *record, const char *name) {
  if (record->length == 0) fail("%s: record \"%s\" has no residues", name, record->id);
}

/* Encodes one line of residues to `out`, which may overlap it from below; returns how many there were. */
static int encode_line(const char *line, uint8_t *out, const char *name, int line_number) {
  int count = 0;
  for (; *line != '\0'; line++) {
    if (is_blank(*line)) continue;
    int code = residue_code(*line);
    if (code < 0) {
      unsigned char byte = (unsigned char)*line;
      if (byte > ' ' && byte < 127) fail("%s, line %d: '%c' is not an amino-acid letter", name, line_number, byte);
      fail("%s, line %d: the byte 0x%02x is not an amino-acid letter", name, line_number, byte);
    }
    out[count++] = (uint8_t)code;
  }
  return count;
}

sequences read_fasta(FILE *stream, const char *name) {
  sequences all = {0};
  size_t length;
  char *text = read_all(stream, name, &length);
  char *end = text + length;
  int capacity = 0, line_number = 0;
  sequence *record = NULL;
  uint8_t *out = NULL; /* codes replace the text in place: they never need more room than their letters */

  for (char *line = text; line < end;) {
    char *next = memchr(line, '\n', (size_t)(end - line));
    if (next == NULL) next = end;
    *next = '\0';
    line_number++;
    if (strlen(line) != (size_t)(next - line)) fail("%s, line %d: zero byte in the text", name, line_number);
    if (*line == '>') {
      if (record != NULL) check_record(record, name);
      record = add_record(&all, &capacity);
      split_header(line + 1, record);
      if (*record->id == '\0') fail("%s, line %d: a header without an identifier", name, line_number);
      out = (uint8_t *)next + 1;
      record->residues = out;
      record->length = 0;
    } else if (record != NULL) {
      int added = encode_line(line, out, name, line_number);
      out += added;
      record->length += added;
      all.residues += added;
    } else if (line[strspn(line, " \t\r")] != '\0') {
      fail("%s, line %d: FASTA begins with a header line, \">identifier\"", name, line_number);
    }
    line = next + 1;
  }
  if (record == NULL) fail("%s holds no FASTA record", name);
  check_record(record, name);
  return all;
}
