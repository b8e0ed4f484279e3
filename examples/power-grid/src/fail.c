#include "fail.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

_Noreturn void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fputs("power-grid: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(2);
}

void *must_allocate(void *old, size_t bytes) {
  void *memory = realloc(old, bytes);
  /* A trap, not an exit code: how much memory a machine gives is not a property of the input. */
  if (memory == NULL) abort();
  return memory;
}
