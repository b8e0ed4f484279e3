import { type Feature, type Findings, type ForbiddenFeature, forbid } from "./findings.ts";
import { MalformedModule, type Reader, readByte, readU32, skipBytes, skipLeb } from "./module-reader.ts";
import { readBlockType, readHeapType, readValueType } from "./value-types.ts";

/** The opcode that closes a block, a body or a constant expression. */
export const END = 0x0b;

/** How to pass what follows an opcode. Returns false where the rest of the body cannot be read. */
type Immediate = (reader: Reader, findings: Findings) => boolean;

const none: Immediate = () => true;

const index: Immediate = (reader) => {
  readU32(reader);
  return true;
};

const twoIndices: Immediate = (reader) => {
  readU32(reader);
  readU32(reader);
  return true;
};

const fixed =
  (length: number): Immediate =>
  (reader) => {
    skipBytes(reader, length);
    return true;
  };

const leb =
  (bits: 32 | 64): Immediate =>
  (reader) => {
    skipLeb(reader, bits);
    return true;
  };

const block: Immediate = (reader, findings) => {
  readBlockType(reader, findings);
  return true;
};

const branchTable: Immediate = (reader) => {
  const count = readU32(reader);
  for (let target = 0; target <= count; target += 1) readU32(reader);
  return true;
};

const selectTyped: Immediate = (reader, findings) => {
  findings.features.add("reference_types");
  const count = readU32(reader);
  for (let type = 0; type < count; type += 1) readValueType(reader, findings);
  return true;
};

const tableIndex: Immediate = (reader, findings) => {
  findings.features.add("reference_types");
  return index(reader, findings);
};

const nullReference: Immediate = (reader, findings) => {
  readHeapType(reader, findings);
  return true;
};

const memoryIndex: Immediate = (reader, findings) => {
  const offset = reader.at;
  if (readU32(reader) !== 0) forbid(findings, "multiple_memories", { offset, detail: "an instruction on a second memory" });
  return true;
};

const memoryAddress: Immediate = (reader, findings) => {
  const offset = reader.at;
  const flags = readU32(reader);
  if (flags >= 0x80) throw new MalformedModule("an instruction has an impossible alignment", offset);
  if (flags >= 0x40) {
    forbid(findings, "multiple_memories", { offset, detail: "an instruction on a second memory" });
    readU32(reader);
  }
  readU32(reader);
  return true;
};

const memoryAddressAndLane: Immediate = (reader, findings) => memoryAddress(reader, findings) && fixed(1)(reader, findings);

const using =
  (feature: Feature, immediate: Immediate): Immediate =>
  (reader, findings) => {
    findings.features.add(feature);
    return immediate(reader, findings);
  };

const forbidden =
  (feature: ForbiddenFeature, detail: string): Immediate =>
  (reader, findings) => {
    forbid(findings, feature, { offset: reader.at - 1, detail });
    return false;
  };

type Range = readonly [from: number, to: number, immediate: Immediate];

/** Table by opcode; a gap is an unknown opcode. Source: WebAssembly Core Specification 2.0, section 5.4, and its tail-call extension. */
function tableOf(size: number, ranges: readonly Range[]): (Immediate | undefined)[] {
  const table = new Array<Immediate | undefined>(size).fill(undefined);
  for (const [from, to, immediate] of ranges) table.fill(immediate, from, to + 1);
  return table;
}

const exceptions = forbidden("exceptions", "an exception instruction");
const typedReferences = forbidden("gc", "an instruction on typed references");

const MISCELLANEOUS = tableOf(0x12, [
  [0x00, 0x07, using("saturating_float_to_int", none)],
  [0x08, 0x08, using("bulk_memory", (reader, findings) => index(reader, findings) && memoryIndex(reader, findings))],
  [0x09, 0x09, using("bulk_memory", index)],
  [0x0a, 0x0a, using("bulk_memory", (reader, findings) => memoryIndex(reader, findings) && memoryIndex(reader, findings))],
  [0x0b, 0x0b, using("bulk_memory", memoryIndex)],
  [0x0c, 0x0c, using("bulk_memory", twoIndices)],
  [0x0d, 0x0d, using("bulk_memory", index)],
  [0x0e, 0x0e, using("bulk_memory", twoIndices)],
  [0x0f, 0x11, tableIndex],
]);

const VECTOR = tableOf(0x100, [
  [0x00, 0x0b, memoryAddress],
  [0x0c, 0x0d, fixed(16)],
  [0x0e, 0x14, none],
  [0x15, 0x22, fixed(1)],
  [0x23, 0x53, none],
  [0x54, 0x5b, memoryAddressAndLane],
  [0x5c, 0x5d, memoryAddress],
  [0x5e, 0xff, none],
]);

/** Numbers that the vector instructions leave free. */
const VECTOR_GAPS = new Set([0x9a, 0xa2, 0xa5, 0xa6, 0xaf, 0xb0, 0xb2, 0xb3, 0xb4, 0xbb, 0xc2, 0xc5, 0xc6, 0xcf, 0xd0, 0xd2, 0xd3, 0xd4, 0xe2, 0xee]);

const miscellaneous: Immediate = (reader, findings) => {
  const offset = reader.at - 1;
  const number = readU32(reader);
  const immediate = MISCELLANEOUS[number];
  if (immediate !== undefined) return immediate(reader, findings);
  forbid(findings, "unknown_opcode", { offset, detail: `the instruction 0xfc 0x${number.toString(16)}` });
  return false;
};

const vector: Immediate = (reader, findings) => {
  const offset = reader.at - 1;
  const number = readU32(reader);
  findings.features.add("simd128");
  const immediate = VECTOR_GAPS.has(number) ? undefined : VECTOR[number];
  if (immediate !== undefined) return immediate(reader, findings);
  const isRelaxed = number >= 0x100 && number <= 0x12f;
  const detail = `the instruction 0xfd 0x${number.toString(16)}`;
  forbid(findings, isRelaxed ? "relaxed_simd" : "unknown_opcode", { offset, detail });
  return false;
};

const OPCODES = tableOf(0x100, [
  [0x00, 0x01, none],
  [0x02, 0x04, block],
  [0x05, 0x05, none],
  [0x06, 0x0a, exceptions],
  [END, END, none],
  [0x0c, 0x0d, index],
  [0x0e, 0x0e, branchTable],
  [0x0f, 0x0f, none],
  [0x10, 0x10, index],
  [0x11, 0x11, twoIndices],
  [0x12, 0x12, using("tail_call", index)],
  [0x13, 0x13, using("tail_call", twoIndices)],
  [0x14, 0x17, typedReferences],
  [0x18, 0x19, exceptions],
  [0x1a, 0x1b, none],
  [0x1c, 0x1c, selectTyped],
  [0x1f, 0x1f, exceptions],
  [0x20, 0x24, index],
  [0x25, 0x26, tableIndex],
  [0x28, 0x3e, memoryAddress],
  [0x3f, 0x40, memoryIndex],
  [0x41, 0x41, leb(32)],
  [0x42, 0x42, leb(64)],
  [0x43, 0x43, fixed(4)],
  [0x44, 0x44, fixed(8)],
  [0x45, 0xbf, none],
  [0xc0, 0xc4, using("sign_extension", none)],
  [0xd0, 0xd0, nullReference],
  [0xd1, 0xd1, using("reference_types", none)],
  [0xd2, 0xd2, tableIndex],
  [0xd3, 0xd6, typedReferences],
  [0xfb, 0xfb, forbidden("gc", "a garbage-collection instruction")],
  [0xfc, 0xfc, miscellaneous],
  [0xfd, 0xfd, vector],
  [0xfe, 0xfe, forbidden("atomics", "an atomic instruction")],
]);

/** Passes one instruction and returns its opcode, or null when nothing behind it in this body can be read. */
export function readInstruction(reader: Reader, findings: Findings): number | null {
  const offset = reader.at;
  const opcode = readByte(reader);
  const immediate = OPCODES[opcode];
  if (immediate === undefined) {
    forbid(findings, "unknown_opcode", { offset, detail: `the instruction 0x${opcode.toString(16)}` });
    return null;
  }
  return immediate(reader, findings) ? opcode : null;
}
