// The computation of examples/mandelbrot-gpu on a processor: the same 96-bit fixed-point numbers, the same arguments, the same bytes.
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct { uint32_t w[3]; } fixed;

static fixed add(fixed a, fixed b) {
  fixed sum;
  uint64_t carry = 0;
  for (int i = 0; i < 3; i++) {
    carry += (uint64_t)a.w[i] + b.w[i];
    sum.w[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return sum;
}

static fixed negate(fixed a) {
  const fixed one = {{1, 0, 0}};
  for (int i = 0; i < 3; i++) a.w[i] = ~a.w[i];
  return add(a, one);
}

static int is_negative(fixed a) { return a.w[2] >> 31; }

static fixed multiply(fixed a, fixed b) {
  const int negative = is_negative(a) != is_negative(b);
  if (is_negative(a)) a = negate(a);
  if (is_negative(b)) b = negate(b);
  uint32_t p[6] = {0};
  for (int i = 0; i < 3; i++) {
    uint64_t carry = 0;
    for (int j = 0; j < 3; j++) {
      carry += (uint64_t)a.w[i] * b.w[j] + p[i + j];
      p[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
    p[i + 3] = (uint32_t)carry;
  }
  const fixed product = {{(p[2] >> 24) | (p[3] << 8), (p[3] >> 24) | (p[4] << 8), (p[4] >> 24) | (p[5] << 8)}};
  return negative ? negate(product) : product;
}

static fixed scale(fixed a, int32_t count) {
  const uint32_t factor = (uint32_t)abs(count);
  fixed product;
  uint64_t carry = 0;
  for (int i = 0; i < 3; i++) {
    carry += (uint64_t)a.w[i] * factor;
    product.w[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return count < 0 ? negate(product) : product;
}

static uint32_t count_steps(fixed c_x, fixed c_y, uint32_t iterations_max) {
  fixed x = {{0, 0, 0}}, y = {{0, 0, 0}};
  for (uint32_t steps = 0; steps < iterations_max; steps++) {
    const fixed xx = multiply(x, x), yy = multiply(y, y);
    if (add(xx, yy).w[2] >= 0x4000000u) return steps;
    const fixed xy = multiply(x, y);
    x = add(add(xx, negate(yy)), c_x);
    y = add(add(xy, xy), c_y);
  }
  return iterations_max;
}

int main(int argc, char **argv) {
  if (argc != 15) return 2;
  uint32_t n[15];
  for (int i = 1; i < 15; i++) n[i] = (uint32_t)strtoul(argv[i], NULL, 0);
  const fixed center_x = {{n[6], n[7], n[8]}}, center_y = {{n[9], n[10], n[11]}}, step = {{n[12], n[13], n[14]}};
  for (uint32_t row = n[1]; row < n[2]; row++) {
    for (uint32_t column = 0; column < n[3]; column++) {
      const fixed c_x = add(center_x, scale(step, (int32_t)column - (int32_t)(n[3] / 2)));
      const fixed c_y = add(center_y, scale(step, (int32_t)(n[4] / 2) - (int32_t)row));
      const uint32_t count = count_steps(c_x, c_y, n[5]);
      putchar(count >> 8);
      putchar(count & 0xff);
    }
  }
  return 0;
}
