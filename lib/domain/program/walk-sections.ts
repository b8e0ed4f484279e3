import { type Reader, readByte, readU32, takeReader } from "./module-reader.ts";

/** Bytes of the magic number and the version before the first section. */
export const HEADER_BYTES = 8;

/** One section: `start` is where its id stands, `content` reads what it holds. */
export interface Section {
  id: number;
  start: number;
  content: Reader;
}

/** Yields the sections of a module in order. Throws MalformedModule where a section ends behind the module. */
export function* walkSections(bytes: Uint8Array): Generator<Section> {
  const reader: Reader = { bytes, at: HEADER_BYTES, end: bytes.length };
  while (reader.at < reader.end) {
    const start = reader.at;
    const id = readByte(reader);
    yield { id, start, content: takeReader(reader, readU32(reader)) };
  }
}
