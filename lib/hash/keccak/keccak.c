// Keccak-256 as Ethereum uses it (rate 136 bytes, padding 0x01), and the two loops of a Merkle tree over it: leaves hashed twice, and sorted pairs.
// Compiled to WebAssembly without a library; scripts/build-keccak.mjs writes the bytes into keccak-wasm.ts.
typedef unsigned long long u64;
typedef unsigned int u32;
typedef unsigned char u8;

#define RATE_WORDS 17
#define EXPORT(name) __attribute__((export_name(name)))
#define ROTL(x, n) __builtin_rotateleft64(x, n)

// Where callers put what is hashed and find what came out: BUFFER_BYTES_MAX in keccak256.ts.
static u64 buffer[131072 / 8];

EXPORT("buffer") u8 *buffer_address(void) { return (u8 *)buffer; }

static const u64 ROUND_CONSTANTS[24] = {
    0x0000000000000001, 0x0000000000008082, 0x800000000000808a, 0x8000000080008000, 0x000000000000808b, 0x0000000080000001,
    0x8000000080008081, 0x8000000000008009, 0x000000000000008a, 0x0000000000000088, 0x0000000080008009, 0x000000008000000a,
    0x000000008000808b, 0x800000000000008b, 0x8000000000008089, 0x8000000000008003, 0x8000000000008002, 0x8000000000000080,
    0x000000000000800a, 0x800000008000000a, 0x8000000080008081, 0x8000000000008080, 0x0000000080000001, 0x8000000080008008};

// theta, rho and pi of one column of the result, then chi: b is the row before chi.
#define ROW(o, x0, r0, x1, r1, x2, r2, x3, r3, x4, r4, d0, d1, d2, d3, d4)                                                               \
  b0 = ROTL(x0 ^ d0, r0), b1 = ROTL(x1 ^ d1, r1), b2 = ROTL(x2 ^ d2, r2), b3 = ROTL(x3 ^ d3, r3), b4 = ROTL(x4 ^ d4, r4);                \
  o##0 = b0 ^ (~b1 & b2), o##1 = b1 ^ (~b2 & b3), o##2 = b2 ^ (~b3 & b4), o##3 = b3 ^ (~b4 & b0), o##4 = b4 ^ (~b0 & b1)

// All 25 lanes in locals: a row after a row, e and a in turn. Lane x,y of the specification is a<y><x>.
#define ROUND(a, e, constant)                                                                                                            \
  c0 = a##00 ^ a##10 ^ a##20 ^ a##30 ^ a##40, c1 = a##01 ^ a##11 ^ a##21 ^ a##31 ^ a##41, c2 = a##02 ^ a##12 ^ a##22 ^ a##32 ^ a##42,    \
  c3 = a##03 ^ a##13 ^ a##23 ^ a##33 ^ a##43, c4 = a##04 ^ a##14 ^ a##24 ^ a##34 ^ a##44;                                                \
  d0 = c4 ^ ROTL(c1, 1), d1 = c0 ^ ROTL(c2, 1), d2 = c1 ^ ROTL(c3, 1), d3 = c2 ^ ROTL(c4, 1), d4 = c3 ^ ROTL(c0, 1);                     \
  ROW(e##0, a##00, 0, a##11, 44, a##22, 43, a##33, 21, a##44, 14, d0, d1, d2, d3, d4);                                                   \
  e##00 ^= constant;                                                                                                                     \
  ROW(e##1, a##03, 28, a##14, 20, a##20, 3, a##31, 45, a##42, 61, d3, d4, d0, d1, d2);                                                   \
  ROW(e##2, a##01, 1, a##12, 6, a##23, 25, a##34, 8, a##40, 18, d1, d2, d3, d4, d0);                                                     \
  ROW(e##3, a##04, 27, a##10, 36, a##21, 10, a##32, 15, a##43, 56, d4, d0, d1, d2, d3);                                                  \
  ROW(e##4, a##02, 62, a##13, 55, a##24, 39, a##30, 41, a##41, 2, d2, d3, d4, d0, d1)

static void permute(u64 *s) {
  u64 a00 = s[0], a01 = s[1], a02 = s[2], a03 = s[3], a04 = s[4], a10 = s[5], a11 = s[6], a12 = s[7], a13 = s[8], a14 = s[9];
  u64 a20 = s[10], a21 = s[11], a22 = s[12], a23 = s[13], a24 = s[14], a30 = s[15], a31 = s[16], a32 = s[17], a33 = s[18], a34 = s[19];
  u64 a40 = s[20], a41 = s[21], a42 = s[22], a43 = s[23], a44 = s[24];
  u64 e00, e01, e02, e03, e04, e10, e11, e12, e13, e14, e20, e21, e22, e23, e24, e30, e31, e32, e33, e34, e40, e41, e42, e43, e44;
  u64 b0, b1, b2, b3, b4, c0, c1, c2, c3, c4, d0, d1, d2, d3, d4;
  for (u32 round = 0; round < 24; round += 2) {
    ROUND(a, e, ROUND_CONSTANTS[round]);
    ROUND(e, a, ROUND_CONSTANTS[round + 1]);
  }
  s[0] = a00, s[1] = a01, s[2] = a02, s[3] = a03, s[4] = a04, s[5] = a10, s[6] = a11, s[7] = a12, s[8] = a13, s[9] = a14;
  s[10] = a20, s[11] = a21, s[12] = a22, s[13] = a23, s[14] = a24, s[15] = a30, s[16] = a31, s[17] = a32, s[18] = a33, s[19] = a34;
  s[20] = a40, s[21] = a41, s[22] = a42, s[23] = a43, s[24] = a44;
}

// One state: what is hashed is taken in at once, by hash(), or in blocks, by begin(), absorb() and finish().
static u64 state[25];

EXPORT("begin") void begin(void) {
  for (u32 i = 0; i < 25; i++) state[i] = 0;
}

// Takes in whole blocks of 136 bytes from the buffer.
EXPORT("absorb") void absorb(u32 blocks) {
  for (u32 block = 0; block < blocks; block++) {
    for (u32 i = 0; i < RATE_WORDS; i++) state[i] ^= buffer[block * RATE_WORDS + i];
    permute(state);
  }
}

// Takes in the last bytes of the buffer, fewer than 136, and leaves the digest at the buffer's begin.
EXPORT("finish") void finish(u32 bytes) {
  u8 *tail = (u8 *)buffer;
  tail[bytes] = 1;
  for (u32 i = bytes + 1; i < RATE_WORDS * 8; i++) tail[i] = 0;
  tail[RATE_WORDS * 8 - 1] |= 0x80;
  absorb(1);
  for (u32 i = 0; i < 4; i++) buffer[i] = state[i];
}

// The hash of `words` 64-bit words, fewer than 17, written over `out`.
static inline void hash_words(const u64 *in, u32 words, u64 *out) {
  u64 s[25];
  for (u32 i = 0; i < words; i++) s[i] = in[i];
  s[words] = 1;
  for (u32 i = words + 1; i < 25; i++) s[i] = 0;
  s[RATE_WORDS - 1] ^= 0x8000000000000000;
  permute(s);
  for (u32 i = 0; i < 4; i++) out[i] = s[i];
}

// Replaces each record of 64 bytes in the buffer by the hash of its hash; the digests follow each other from the buffer's begin.
EXPORT("leaves") void leaves(u32 count) {
  for (u32 i = 0; i < count; i++) {
    hash_words(buffer + 8 * i, 8, buffer + 4 * i);
    hash_words(buffer + 4 * i, 4, buffer + 4 * i);
  }
}

static int is_after(const u64 *left, const u64 *right) {
  for (u32 i = 0; i < 4; i++) {
    u64 l = __builtin_bswap64(left[i]), r = __builtin_bswap64(right[i]);
    if (l != r) return l > r;
  }
  return 0;
}

// Replaces each two nodes of 32 bytes in the buffer by their parent: the hash of both, the smaller first.
EXPORT("pairs") void pairs(u32 count) {
  for (u32 i = 0; i < count; i++) {
    u64 *pair = buffer + 8 * i;
    if (is_after(pair, pair + 4)) {
      for (u32 j = 0; j < 4; j++) {
        u64 word = pair[j];
        pair[j] = pair[j + 4];
        pair[j + 4] = word;
      }
    }
    hash_words(pair, 8, buffer + 4 * i);
  }
}
