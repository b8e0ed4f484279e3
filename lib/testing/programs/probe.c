// Prints everything a program can observe of its host, so that two hosts are alike exactly when the bytes are.
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static void print_clock(const char *name, clockid_t clock) {
  struct timespec now;
  clock_gettime(clock, &now);
  printf("%s %lld.%09ld\n", name, (long long)now.tv_sec, now.tv_nsec);
}

static void print_directory(const char *path) {
  DIR *directory = opendir(path);
  if (!directory) {
    printf("opendir %s: errno %d\n", path, errno);
    return;
  }
  struct dirent *entry;
  while ((entry = readdir(directory))) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s", path, entry->d_name);
    struct stat status = {0};
    int failed = stat(full, &status);
    printf("%s ino %llu type %d stat %d size %lld mtime %lld\n", full, (unsigned long long)entry->d_ino, entry->d_type, failed,
           (long long)status.st_size, (long long)status.st_mtime);
  }
  closedir(directory);
}

static uint64_t fnv1a(FILE *file, size_t *length) {
  uint64_t hash = 14695981039346656037ull;
  int byte;
  for (*length = 0; (byte = getc(file)) != EOF; (*length)++) hash = (hash ^ (uint8_t)byte) * 1099511628211ull;
  return hash;
}

static void print_files(void) {
  print_directory("/data");
  DIR *data = opendir("/data");
  struct dirent *entry;
  while (data && (entry = readdir(data))) {
    if (entry->d_name[0] == '.') continue;
    char path[512];
    snprintf(path, sizeof path, "/data/%s", entry->d_name);
    FILE *file = fopen(path, "rb");
    size_t length = 0;
    if (file) printf("%s fnv1a %016llx", path, (unsigned long long)fnv1a(file, &length));
    printf(" length %zu\n", length);
    if (file) fclose(file);
  }
}

static void use_tmp(void) {
  mkdir("/tmp/folder", 0700);
  const char *names[] = {"/tmp/zebra", "/tmp/ant", "/tmp/folder/inner"};
  for (int index = 0; index < 3; index++) {
    FILE *file = fopen(names[index], "w+");
    if (!file) {
      printf("%s: errno %d\n", names[index], errno);
      continue;
    }
    fprintf(file, "content %d of %s\n", index, names[index]);
    fseek(file, 8, SEEK_SET);
    printf("%s at 8: %d\n", names[index], getc(file));
    fclose(file);
  }
  rename("/tmp/zebra", "/tmp/badger");
  FILE *appended = fopen("/tmp/badger", "a");
  if (appended) {
    fputs("more\n", appended);
    fclose(appended);
  }
  print_directory("/tmp");
  printf("unlink %d rmdir full %d\n", unlink("/tmp/ant"), rmdir("/tmp/folder"));
  print_directory("/tmp");
}

int main(int argc, char **argv) {
  for (int index = 0; index < argc; index++) printf("arg %d [%s]\n", index, argv[index]);
  for (char **entry = environ; entry && *entry; entry++) printf("env [%s]\n", *entry);
  print_clock("realtime", CLOCK_REALTIME);
  print_clock("monotonic", CLOCK_MONOTONIC);
  struct timespec nap = {3, 500};
  nanosleep(&nap, NULL);
  print_clock("after sleep", CLOCK_REALTIME);
  uint8_t random[40];
  getentropy(random, sizeof random);
  for (size_t index = 0; index < sizeof random; index++) printf("%02x", random[index]);
  printf("\nisatty %d %d %d\n", isatty(0), isatty(1), isatty(2));
  double values[] = {sin(1e6), exp(1.25), pow(1.0001, 12345.0), log(7.5), 1.0 / 3.0, cbrt(2.0)};
  for (int index = 0; index < 6; index++) printf("%a ", values[index]);
  printf("\n");
  print_files();
  use_tmp();
  size_t length = 0;
  uint64_t hash = fnv1a(stdin, &length);
  printf("stdin fnv1a %016llx length %zu\n", (unsigned long long)hash, length);
  if (fseek(stdin, 0, SEEK_SET) == 0) {
    int byte;
    while ((byte = getchar()) != EOF) putchar(byte);
  }
  fprintf(stderr, "probe done\n");
  return 0;
}
