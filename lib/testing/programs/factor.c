// Reads whole numbers, one in each line, and writes two factors of each: the smallest one above 1 and what is left. Hard to find, easy to check.
#include <inttypes.h>
#include <stdio.h>

static uint64_t smallest_factor(uint64_t number) {
  if (number % 2 == 0) return 2;
  for (uint64_t factor = 3; factor * factor <= number; factor += 2)
    if (number % factor == 0) return factor;
  return number;
}

int main(void) {
  uint64_t number;
  while (scanf("%" SCNu64, &number) == 1) {
    uint64_t factor = number < 2 ? number : smallest_factor(number);
    printf("%" PRIu64 " %" PRIu64 "\n", factor, factor == 0 ? 0 : number / factor);
  }
  return 0;
}
