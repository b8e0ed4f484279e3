import { type Findings, forbid } from "./findings.ts";
import { MalformedModule, type Reader, readByte, skipLeb } from "./module-reader.ts";

const EMPTY_BLOCK = 0x40;
const NUMBER_LETTERS = new Map([
  [0x7f, "i"],
  [0x7e, "I"],
  [0x7d, "f"],
  [0x7c, "F"],
]);

/** Reads a value type: i, I, f, F (numbers of 32 and 64 bits), v (vector), r (reference), or ? where it is forbidden. */
export function readValueType(reader: Reader, findings: Findings): string {
  const offset = reader.at;
  const byte = readByte(reader);
  const letter = NUMBER_LETTERS.get(byte);
  if (letter !== undefined) return letter;
  if (byte === 0x7b) {
    findings.features.add("simd128");
    return "v";
  }
  return readReference(reader, findings, { offset, byte });
}

/** Reads the type of a table's elements. A plain funcref is part of the first version of WebAssembly. */
export function readReferenceType(reader: Reader, findings: Findings): void {
  const offset = reader.at;
  const byte = readByte(reader);
  if (byte !== 0x70) readReference(reader, findings, { offset, byte });
}

/** Reads the type behind `ref.null`. */
export function readHeapType(reader: Reader, findings: Findings): void {
  const offset = reader.at;
  const byte = reader.bytes[offset];
  skipLeb(reader, 33);
  findings.features.add("reference_types");
  if (byte !== 0x70 && byte !== 0x6f) forbid(findings, "gc", { offset, detail: "a reference to a type of its own" });
}

/** Reads the type of a block: nothing, one value, or an index into the types. */
export function readBlockType(reader: Reader, findings: Findings): void {
  const byte = reader.bytes[reader.at];
  if (byte === undefined || reader.at >= reader.end) throw new MalformedModule("it ends in the middle of something", reader.at);
  if (byte === EMPTY_BLOCK) {
    reader.at += 1;
  } else if ((byte & 0xc0) === 0x40) {
    readValueType(reader, findings);
  } else {
    skipLeb(reader, 33);
    findings.features.add("multi_value");
  }
}

function readReference(reader: Reader, findings: Findings, found: { offset: number; byte: number }): string {
  const { offset, byte } = found;
  if (byte === 0x70 || byte === 0x6f) {
    findings.features.add("reference_types");
    return "r";
  }
  if (byte === 0x69 || byte === 0x74) {
    forbid(findings, "exceptions", { offset, detail: "an exception reference" });
    return "?";
  }
  if (byte === 0x63 || byte === 0x64) skipLeb(reader, 33);
  else if (byte < 0x65 || byte > 0x73) throw new MalformedModule(`0x${byte.toString(16)} is not a type of a value`, offset);
  forbid(findings, "gc", { offset, detail: "a reference to a type of its own" });
  return "?";
}
