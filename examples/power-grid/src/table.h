/* A CSV table of numbers whose columns are found by name. */
#ifndef TABLE_H
#define TABLE_H

typedef struct {
  const char *path;
  int rows, columns;
  char **names;
  double *values; /* rows x columns */
} table;

/* Reads a whole file; a missing file, a row of another length or a field that is no number ends the program, naming the line. */
table read_table(const char *path);

/* The index of a column; one that is missing ends the program. */
int column_of(const table *table, const char *name);

static inline double value_at(const table *table, int row, int column) { return table->values[(long)row * table->columns + column]; }

#endif
