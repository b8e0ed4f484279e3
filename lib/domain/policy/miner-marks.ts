/** Names that only mining has: its protocol, its pools' calls, its programs, and hash functions that nothing else uses. In lower case. */
export const MINER_NAMES = [
  "stratum+tcp",
  "stratum+ssl",
  "stratum2+tcp",
  "mining.subscribe",
  "mining.authorize",
  "xmrig",
  "coinhive",
  "cryptonight",
  "cn_slow_hash",
  "randomx",
  "kawpow",
  "progpow",
  "ethash",
  "equihash",
  "cuckaroo",
  "verushash",
  "ghostrider",
] as const;

const bytesOf = (hex: string) => Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));

/** A constant of a hash function as it can stand in a module: in a table of either byte order, or as the operand of an instruction. */
function word64(value: bigint): Uint8Array[] {
  const big = bytesOf(value.toString(16).padStart(16, "0"));
  return [big, big.toReversed(), i64Const(value)];
}
function words32(values: readonly number[]): Uint8Array[] {
  const big = bytesOf(values.map((value) => value.toString(16).padStart(8, "0")).join(""));
  const little = Uint8Array.from(values.flatMap((value) => [value, value >>> 8, value >>> 16, value >>> 24].map((byte) => byte & 0xff)));
  return [big, little];
}

/** The instruction `i64.const` with this operand. */
function i64Const(value: bigint): Uint8Array {
  const bytes = [0x42];
  for (let rest = BigInt.asIntN(64, value); ; rest >>= 7n) {
    const low = Number(rest & 0x7fn);
    const isLast = rest >> 7n === (low & 0x40 ? -1n : 0n);
    bytes.push(isLast ? low : low | 0x80);
    if (isLast) return Uint8Array.from(bytes);
  }
}

/** One part of a mark: found when one of its forms is. */
export type MarkPart = readonly Uint8Array[];

/** What gives the hash functions away that chains of them are made of, each by constants that its specification fixes: all parts have to be there. */
export const HASH_MARKS: Readonly<Record<string, readonly MarkPart[]>> = {
  Keccak: [word64(0x800000000000808an), word64(0x8000000080008081n), word64(0x8000000000008089n), word64(0x800000008000000an)],
  AES: [
    [
      bytesOf("637c777bf26b6fc53001672bfed7ab76"),
      ...words32([0xc66363a5, 0xf87c7c84, 0xee777799, 0xf67b7b8d]),
      ...words32([0xa56363c6, 0x847c7cf8, 0x997777ee, 0x8d7b7bf6]),
    ],
  ],
  "BLAKE-256": [words32([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344])],
  Skein: [word64(0x1bd11bdaa9fc1a22n)],
  Grøstl: [word64(0xc632f4a5f497a5c6n)],
  JH: [[bytesOf("eb98a3412c20d3eb92cdbe7b9cb245c1"), bytesOf("72d5dea2df15f8677b84150ab7231557")]],
};

/** The first key of RandomX's generator, which its authors derived from its name. */
export const RANDOMX_KEY: MarkPart = words32([0x6daca553, 0x62716609, 0xdbb5552b, 0xb4f44917]);
