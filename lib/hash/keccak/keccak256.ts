import { KECCAK_WASM } from "./keccak-wasm.ts";

interface KeccakModule {
  memory: WebAssembly.Memory;
  buffer(): number;
  begin(): void;
  absorb(blocks: number): void;
  finish(bytes: number): void;
  leaves(count: number): void;
  pairs(count: number): void;
}

/** The size of keccak.c's buffer. */
const BUFFER_BYTES_MAX = 131_072;
const BLOCK_BYTES = 136;
const DIGEST_BYTES = 32;
const RECORD_BYTES = 64;
const BLOCKS_MAX = Math.floor(BUFFER_BYTES_MAX / BLOCK_BYTES);
const RECORDS_MAX = BUFFER_BYTES_MAX / RECORD_BYTES;

let loaded: { module: KeccakModule; buffer: Uint8Array } | null = null;

/** The Keccak-256 digest of the bytes as Ethereum computes it (not SHA-3's padding). The first call of a thread compiles the module, 4 kB. */
export function keccak256(bytes: Uint8Array): Uint8Array {
  const { module, buffer } = load();
  module.begin();
  let taken = 0;
  while (bytes.length - taken >= BLOCK_BYTES) {
    const blocks = Math.min(BLOCKS_MAX, Math.floor((bytes.length - taken) / BLOCK_BYTES));
    buffer.set(bytes.subarray(taken, taken + blocks * BLOCK_BYTES));
    module.absorb(blocks);
    taken += blocks * BLOCK_BYTES;
  }
  buffer.set(bytes.subarray(taken));
  module.finish(bytes.length - taken);
  return buffer.slice(0, DIGEST_BYTES);
}

/** Hashes whole levels of a Merkle tree inside the module, without a call or an object for each node. */
export const keccakMerkleHasher = {
  /** Writes the hash of the hash of each 64-byte record into `out`, 32 bytes each. */
  hashLeaves(records: Uint8Array, out: Uint8Array): void {
    hashRecords(records, out, "leaves");
  },
  /** Writes the parent of each two 32-byte nodes into `out`: the hash of both, the smaller first. */
  hashPairs(nodes: Uint8Array, out: Uint8Array): void {
    hashRecords(nodes, out, "pairs");
  },
} as const;

function hashRecords(records: Uint8Array, out: Uint8Array, kind: "leaves" | "pairs"): void {
  const count = records.length / RECORD_BYTES;
  if (!Number.isInteger(count) || out.length !== count * DIGEST_BYTES) {
    throw new Error(`${records.length} bytes are not records of ${RECORD_BYTES} for ${out.length} bytes of digests of ${DIGEST_BYTES}.`);
  }
  const { module, buffer } = load();
  for (let start = 0; start < count; start += RECORDS_MAX) {
    const end = Math.min(count, start + RECORDS_MAX);
    buffer.set(records.subarray(start * RECORD_BYTES, end * RECORD_BYTES));
    module[kind](end - start);
    out.set(buffer.subarray(0, (end - start) * DIGEST_BYTES), start * DIGEST_BYTES);
  }
}

function load(): { module: KeccakModule; buffer: Uint8Array } {
  if (loaded === null) {
    const bytes = Uint8Array.from(atob(KECCAK_WASM), (character) => character.charCodeAt(0));
    const { exports } = new WebAssembly.Instance(new WebAssembly.Module(bytes));
    const module = exports as unknown as KeccakModule;
    loaded = { module, buffer: new Uint8Array(module.memory.buffer, module.buffer(), BUFFER_BYTES_MAX) };
  }
  return loaded;
}
