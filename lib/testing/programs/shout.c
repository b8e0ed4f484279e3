// Writes its input in capital letters after its arguments. The argument "fail-on WORD" ends it with 3 where the input holds WORD.
#include <ctype.h>
#include <stdio.h>
#include <string.h>

int main(int argc, char **argv) {
  static char input[1 << 20];
  size_t length = fread(input, 1, sizeof input - 1, stdin);
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--fail-on") == 0 && i + 1 < argc) {
      if (strstr(input, argv[++i])) {
        fprintf(stderr, "found %s\n", argv[i]);
        return 3;
      }
    } else {
      printf("%s ", argv[i]);
    }
  }
  for (size_t i = 0; i < length; i++) input[i] = (char)toupper((unsigned char)input[i]);
  fwrite(input, 1, length, stdout);
  return 0;
}
