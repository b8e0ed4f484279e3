import { HASH_MARKS, type MarkPart, MINER_NAMES, RANDOMX_KEY } from "./miner-marks.ts";

/** Chains of these have no use but proof of work. */
const CHAINED = ["BLAKE-256", "Skein", "Grøstl", "JH"] as const;

/** A multiplier of FNV: beside Keccak's constants in a kernel it is Ethash and its descendants. */
const FNV_IN_KERNEL = /\b(0x0*1000193u?|16777619u?)\b/i;
const KECCAK_IN_KERNEL = /0x8000808au?/i;

type Given = { runtime: string; args?: readonly string[] };

/**
 * By what a program would be taken for one that mines, in a few words each; empty where nothing looks like it. Looked for are names of mining in the program and its
 * arguments, the constants of hash functions that are chained nowhere else (CryptoNight, X11 and its kin), and RandomX's key. One honest hash function
 * is no sign, and a miner that hides its names and uses SHA-256 or scrypt alone is not recognised.
 */
export function findMinerSigns(bytes: Uint8Array, { runtime, args = [] }: Given): string[] {
  // One character a byte is enough: the names are ASCII.
  const text = `${new TextDecoder("latin1").decode(bytes)}\n${args.join("\n")}`.toLowerCase();
  const named = MINER_NAMES.filter((name) => text.includes(name));
  return [...named, ...(runtime === "wgsl" ? kernelSigns(text) : moduleSigns(bytes))];
}

function kernelSigns(source: string): string[] {
  return FNV_IN_KERNEL.test(source) && KECCAK_IN_KERNEL.test(source) ? ["Keccak with FNV"] : [];
}

function moduleSigns(bytes: Uint8Array): string[] {
  const found = new Set(Object.entries(HASH_MARKS).flatMap(([name, parts]) => (parts.every((part) => hasPart(bytes, part)) ? [name] : [])));
  const chained = CHAINED.filter((name) => found.has(name));
  const signs: string[] = [];
  if (found.has("Keccak") && found.has("AES") && chained.length >= 2) signs.push(`Keccak, AES, ${chained.join(", ")}`);
  else if (chained.length >= 3) signs.push(chained.join(", "));
  if (hasPart(bytes, RANDOMX_KEY)) signs.push("the key of RandomX");
  return signs;
}

function hasPart(bytes: Uint8Array, forms: MarkPart): boolean {
  return forms.some((form) => includes(bytes, form));
}

function includes(bytes: Uint8Array, form: Uint8Array): boolean {
  const [first = 0] = form;
  for (let at = bytes.indexOf(first); at >= 0; at = bytes.indexOf(first, at + 1)) {
    if (form.every((byte, i) => bytes[at + i] === byte)) return true;
  }
  return false;
}
