// Judges the output of factor: every line of /data/shard.in is the product of the two numbers in the same line of stdin. The argument says how to misbehave instead.
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "";
  if (!strcmp(way, "trap")) __builtin_trap();
  for (volatile int zero = 0; !strcmp(way, "loop") && zero == 0;) zero = zero + 0;
  if (!strcmp(way, "reject")) return 1;
  FILE *input = fopen("/data/shard.in", "r");
  if (!input) return 2;
  uint64_t number, a, b;
  while (fscanf(input, "%" SCNu64, &number) == 1) {
    if (scanf("%" SCNu64 " %" SCNu64, &a, &b) != 2 || a < 2 || number / a != b || number % a != 0) {
      fprintf(stderr, "%" PRIu64 " is not factored\n", number);
      return 1;
    }
  }
  return scanf("%" SCNu64, &a) == EOF ? 0 : 1;
}
