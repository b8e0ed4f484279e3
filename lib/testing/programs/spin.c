// Computes for as many iterations as its first argument says; the same loop is exported bare.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

__attribute__((noinline, export_name("spin"))) uint32_t spin(uint32_t iterations) {
  uint32_t state = 2463534242u;
  for (uint32_t step = 0; step < iterations; step++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
  }
  return state;
}

int main(int argc, char **argv) {
  printf("%u\n", spin(argc > 1 ? (uint32_t)strtoul(argv[1], NULL, 10) : 0));
  return 0;
}
