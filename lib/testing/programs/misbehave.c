// Misbehaves in the way its first argument names; a second argument is a number.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <wasi/api.h>

static volatile int zero = 0;

__attribute__((noinline)) static int recurse(volatile int *above) {
  volatile int frame[64];
  frame[0] = *above + 1;
  return frame[0] > 0 ? recurse(frame) + frame[1] : 0;
}

// No frame in linear memory, so that the engine's own stack is what ends.
__attribute__((noinline)) static int recurse_in_engine(int depth) {
  __asm__ volatile("" ::: "memory");
  return depth == INT_MAX ? 0 : recurse_in_engine(depth + 1) + zero + 1;
}

static void print_bytes(long count) {
  static char block[4096];
  memset(block, 'x', sizeof block);
  for (long left = count; left > 0; left -= (long)sizeof block) fwrite(block, 1, left < (long)sizeof block ? left : sizeof block, stdout);
}

static void allocate(void) {
  int blocks = 0;
  for (;; blocks++) {
    char *block = malloc(1 << 20);
    if (!block) break;
    *(volatile char *)block = 1;
  }
  printf("blocks %d\n", blocks);
}

static void try_open(const char *path, int flags) {
  int fd = open(path, flags, 0600);
  printf("%s flags %d: %s %d\n", path, flags & (O_RDWR | O_WRONLY | O_CREAT | O_TRUNC) ? 1 : 0, fd < 0 ? "errno" : "opened", fd < 0 ? errno : 0);
  if (fd >= 0) close(fd);
}

static void write_data(void) {
  try_open("/data/table.txt", O_RDONLY);
  try_open("/data/table.txt", O_RDWR);
  try_open("/data/table.txt", O_WRONLY | O_TRUNC);
  try_open("/data/new.txt", O_WRONLY | O_CREAT);
  printf("mkdir %d unlink %d", mkdir("/data/folder", 0700), unlink("/data/table.txt"));
  printf(" rename %d link %d\n", rename("/data/table.txt", "/tmp/stolen"), link("/tmp", "/data/here"));
}

static void escape(void) {
  const char *paths[] = {"/etc/passwd", "/data/../etc/passwd", "../secret", "/data/../../secret", "/tmp/../data/table.txt", "/", ".", "/proc/self/environ"};
  for (int index = 0; index < 8; index++) try_open(paths[index], O_RDONLY);
  __wasi_fd_t opened;
  for (__wasi_fd_t fd = 0; fd < 6; fd++) printf("fd %u ..: %d\n", fd, __wasi_path_open(fd, 0, "../x", 0, 0, 0, 0, &opened));
}

static void fill_tmp(void) {
  FILE *file = fopen("/tmp/big", "wb");
  static char block[65536];
  long blocks = 0;
  setvbuf(file, NULL, _IONBF, 0);
  while (fwrite(block, sizeof block, 1, file) == 1) blocks++;
  printf("blocks %ld errno %d\n", blocks, errno);
  fclose(file);
  unlink("/tmp/big");
  file = fopen("/tmp/again", "wb");
  printf("again %d\n", file && fwrite(block, sizeof block, 1, file) == 1);
}

static void fill_tmp_with_names(void) {
  char name[64];
  long files = 0;
  for (;; files++) {
    snprintf(name, sizeof name, "/tmp/%ld", files);
    int fd = open(name, O_WRONLY | O_CREAT, 0600);
    if (fd < 0) break;
    close(fd);
  }
  printf("files %s errno %d\n", files > 1000 ? "many" : "few", errno);
}

static void open_many(void) {
  int opened = 0;
  while (open("/data/table.txt", O_RDONLY) >= 0) opened++;
  printf("opened %d errno %d\n", opened, errno);
}

typedef int (*operation)(int);
static int as_is(int value) { return value; }
static double other_type(double value) { return value; }

static int run(const char *way, long number) {
  if (!strcmp(way, "exit")) return (int)number;
  if (!strcmp(way, "unreachable")) __builtin_trap();
  if (!strcmp(way, "abort")) abort();
  if (!strcmp(way, "divide")) return 1000 / zero;
  if (!strcmp(way, "remainder")) return 1000 % zero;
  if (!strcmp(way, "overflow")) return (INT_MIN + zero) / (zero - 1);
  if (!strcmp(way, "memory")) return *(volatile int *)(0xfffffff0u + zero);
  if (!strcmp(way, "indirect")) {
    volatile uintptr_t function = number == 0 ? 0 : number == 1 ? (uintptr_t)other_type : 0x7fffffff;
    volatile operation known = as_is;
    return known(0) + ((operation)function)((int)number);
  }
  if (!strcmp(way, "recurse")) return recurse(&zero);
  if (!strcmp(way, "recurse-engine")) return recurse_in_engine(0);
  if (!strcmp(way, "loop")) for (;;) zero = zero + 0;
  if (!strcmp(way, "print")) print_bytes(number);
  if (!strcmp(way, "complain")) for (long line = 0; line < number; line++) fprintf(stderr, "complaint %ld\n", line);
  if (!strcmp(way, "allocate")) allocate();
  if (!strcmp(way, "write-data")) write_data();
  if (!strcmp(way, "escape")) escape();
  if (!strcmp(way, "fill-tmp")) fill_tmp();
  if (!strcmp(way, "fill-names")) fill_tmp_with_names();
  if (!strcmp(way, "open-many")) open_many();
  return 0;
}

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "nothing";
  fprintf(stderr, "about to %s\n", way);
  return run(way, argc > 2 ? atol(argv[2]) : 0);
}
