/* Ends that are nobody's result. */
#ifndef FAIL_H
#define FAIL_H

#include <stddef.h>

/* Says why on stderr and exits with code 2: the input or the arguments are at fault. */
_Noreturn void fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* realloc that ends the program when memory does. */
void *must_allocate(void *old, size_t bytes);

#endif
