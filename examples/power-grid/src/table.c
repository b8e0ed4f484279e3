#include "table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fail.h"

enum { LINE_BYTES_MAX = 4096, COLUMNS_MAX = 64 };

/* Cuts a line at its commas, in place; returns how many fields there are. */
static int split(char *line, char *fields[COLUMNS_MAX], const char *path) {
  int count = 0;
  line[strcspn(line, "\r\n")] = '\0';
  for (char *field = line; field != NULL;) {
    if (count == COLUMNS_MAX) fail("%s has more than %d columns", path, COLUMNS_MAX);
    fields[count++] = field;
    field = strchr(field, ',');
    if (field != NULL) *field++ = '\0';
  }
  return count;
}

static double parse_number(const char *text, const char *path, int line) {
  char *end;
  double value = strtod(text, &end);
  if (end == text || *end != '\0' || isnan(value)) fail("%s, line %d: \"%.40s\" is not a number", path, line, text);
  return value;
}

table read_table(const char *path) {
  FILE *file = fopen(path, "r");
  if (file == NULL) fail("cannot open %s", path);
  char line[LINE_BYTES_MAX];
  char *fields[COLUMNS_MAX];
  table read = {.path = path};
  if (fgets(line, sizeof line, file) == NULL) fail("%s is empty", path);
  read.columns = split(line, fields, path);
  read.names = must_allocate(NULL, (size_t)read.columns * sizeof(char *));
  for (int i = 0; i < read.columns; i++) read.names[i] = strdup(fields[i]);
  int room = 0;
  for (int number = 2; fgets(line, sizeof line, file) != NULL; number++) {
    if (strspn(line, "\r\n") == strlen(line)) continue;
    int count = split(line, fields, path);
    if (count != read.columns) fail("%s, line %d: %d fields where the header has %d", path, number, count, read.columns);
    if (read.rows == room) {
      room = room == 0 ? 64 : 2 * room;
      read.values = must_allocate(read.values, (size_t)room * (size_t)read.columns * sizeof(double));
    }
    for (int i = 0; i < count; i++) read.values[(long)read.rows * count + i] = parse_number(fields[i], path, number);
    read.rows++;
  }
  fclose(file);
  return read;
}

int column_of(const table *table, const char *name) {
  for (int i = 0; i < table->columns; i++)
    if (strcmp(table->names[i], name) == 0) return i;
  fail("%s has no column %s", table->path, name);
}
