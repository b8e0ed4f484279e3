// A reducer whose result depends on every byte and on their order: FNV-1a over all outputs, and how many bytes they are. Goes on from /data/state.
#include <inttypes.h>
#include <stdio.h>

int main(void) {
  uint64_t hash = 14695981039346656037ull, length = 0;
  FILE *state = fopen("/data/state", "r");
  if (!state) return 2;
  if (fscanf(state, "%" SCNx64 " %" SCNu64, &hash, &length) == 1) return 3;
  for (int byte; (byte = getchar()) != EOF; length++) hash = (hash ^ (uint8_t)byte) * 1099511628211ull;
  printf("%016" PRIx64 " %" PRIu64 "\n", hash, length);
  return 0;
}
