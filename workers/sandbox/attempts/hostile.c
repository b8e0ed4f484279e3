// Tries to leave the sandbox in the way its argument names. Each line that begins with "out" is a way that was open; the others say how it was refused.
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <wasi/api.h>

static volatile int zero = 0;

static void say(const char *text) { write(1, text, strlen(text)); }

static void tell(const char *what, int error) {
  char digits[12];
  int at = sizeof digits;
  digits[--at] = 0;
  do digits[--at] = (char)('0' + error % 10), error /= 10;
  while (error > 0);
  say(digits[at] == '0' ? "out " : "refused ");
  say(what);
  say(" ");
  say(digits + at);
  say("\n");
}

static void sockets(void) {
  uint8_t byte = 0;
  __wasi_ciovec_t given = {&byte, 1};
  __wasi_iovec_t taken = {&byte, 1};
  __wasi_size_t size;
  __wasi_roflags_t flags;
  __wasi_fd_t opened;
  for (__wasi_fd_t fd = 0; fd < 8; fd++) {
    tell("sock_accept", __wasi_sock_accept(fd, 0, &opened));
    tell("sock_send", __wasi_sock_send(fd, &given, 1, 0, &size));
    tell("sock_recv", __wasi_sock_recv(fd, &taken, 1, 0, &size, &flags));
    tell("sock_shutdown", __wasi_sock_shutdown(fd, 3));
  }
}

static void open_at(__wasi_fd_t folder, const char *path) {
  __wasi_fd_t opened;
  tell(path, __wasi_path_open(folder, __WASI_LOOKUPFLAGS_SYMLINK_FOLLOW, path, 0, __WASI_RIGHTS_FD_READ, __WASI_RIGHTS_FD_READ, 0, &opened));
}

static void paths(void) {
  static const char *outside[] = {"..", "../", "../x", "../../etc/passwd", "/etc/passwd", "/", "a/../../x", "./../x", "..\\x", "/proc/self/environ"};
  for (__wasi_fd_t folder = 3; folder < 6; folder++)
    for (size_t at = 0; at < sizeof outside / sizeof *outside; at++) open_at(folder, outside[at]);
}

static void links(void) {
  tell("path_symlink /etc", __wasi_path_symlink("/etc", 4, "here"));
  tell("path_symlink ../..", __wasi_path_symlink("../..", 4, "up"));
  open_at(4, "here/passwd");
  open_at(4, "up/x");
}

static void pointers(void) {
  static const uint32_t outside[] = {0xfffffff0u, 0x7fffff00u};
  for (size_t at = 0; at < sizeof outside / sizeof *outside; at++) {
    uint8_t *far = (uint8_t *)(outside[at] + (uint32_t)zero);
    __wasi_ciovec_t given = {far, 4096};
    __wasi_size_t size;
    tell("fd_write", __wasi_fd_write(1, &given, 1, &size));
    tell("fd_write of a list", __wasi_fd_write(1, (__wasi_ciovec_t *)far, 1 << 28, &size));
    tell("random_get", __wasi_random_get(far, 1 << 20));
    tell("clock_time_get", __wasi_clock_time_get(0, 0, (__wasi_timestamp_t *)far));
  }
}

static void memory(void) {
  int blocks = 0;
  for (;; blocks++) {
    char *block = malloc(1 << 20);
    if (!block) break;
    *(volatile char *)block = 1;
  }
  tell("memory.grow", blocks < 16 ? blocks + 1 : 0);
}

static void clock_and_environment(void) {
  __wasi_timestamp_t first = 0, later = 0;
  int failed = __wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 0, &first);
  for (int spin = 0; spin < 50000000; spin++) zero = zero + 0;
  failed += __wasi_clock_time_get(__WASI_CLOCKID_REALTIME, 0, &later);
  // A real clock would have moved by milliseconds; the virtual one moves by its own fixed step.
  tell("clock_time_get", failed || later - first < 1000000 ? 1 : 0);
  __wasi_size_t variables = 0, bytes = 0;
  tell("environ_get", __wasi_environ_sizes_get(&variables, &bytes) || variables == 0 ? 1 : 0);
}

__attribute__((noinline)) static int recurse(int depth) {
  __asm__ volatile("" ::: "memory");
  return depth == INT32_MAX ? 0 : recurse(depth + 1) + zero + 1;
}

int main(int argc, char **argv) {
  const char *way = argc > 1 ? argv[1] : "";
  if (!strcmp(way, "sockets")) sockets();
  if (!strcmp(way, "paths")) paths();
  if (!strcmp(way, "links")) links();
  if (!strcmp(way, "pointers")) pointers();
  if (!strcmp(way, "memory")) memory();
  if (!strcmp(way, "surroundings")) clock_and_environment();
  if (!strcmp(way, "recurse")) tell("recursion", recurse(0) * 0);
  if (!strcmp(way, "print")) for (;;) say("more ");
  if (!strcmp(way, "loop")) for (;;) zero = zero + 0;
  if (!strcmp(way, "clean")) tell("clean", 1);
  return 0;
}
