#include <stdio.h>
#include <stdlib.h>

int main(void) {
  int words = 0, inside = 0, c;
  while ((c = getchar()) != EOF) {
    int blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (!blank && !inside) words++;
    inside = !blank;
  }
  const char *shard = getenv("SHOAL_SHARD");
  printf("{\"shard\":%s,\"words\":%d}\n", shard ? shard : "null", words);
  return 0;
}
