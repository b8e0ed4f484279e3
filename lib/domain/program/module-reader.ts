/** A position in the bytes of a module; reading never passes `end`. */
export interface Reader {
  readonly bytes: Uint8Array;
  at: number;
  end: number;
}

/** Thrown by everything here when the bytes are not a module; `inspectWasm` turns it into a problem. */
export class MalformedModule extends Error {
  override name = "MalformedModule";
  readonly offset: number;

  constructor(reason: string, offset: number) {
    super(reason);
    this.offset = offset;
  }
}

/** Engines refuse modules with more of anything, and so no list grows beyond it. */
const COUNT_MAX = 1_000_000;

const nameDecoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A reader of the next `length` bytes; the outer reader moves behind them. */
export function takeReader(reader: Reader, length: number): Reader {
  const start = reader.at;
  skipBytes(reader, length);
  return { bytes: reader.bytes, at: start, end: reader.at };
}

export function skipBytes(reader: Reader, length: number): void {
  if (length > reader.end - reader.at) throw new MalformedModule("it ends in the middle of something", reader.at);
  reader.at += length;
}

export function readByte(reader: Reader): number {
  const byte = reader.bytes[reader.at];
  if (byte === undefined || reader.at >= reader.end) throw new MalformedModule("it ends in the middle of something", reader.at);
  reader.at += 1;
  return byte;
}

/** An unsigned LEB128 of at most 32 bits. */
export function readU32(reader: Reader): number {
  let value = 0;
  for (let shift = 0; shift < 35; shift += 7) {
    const byte = readByte(reader);
    if (shift === 28 && byte > 0x0f) throw new MalformedModule("a number is longer than 32 bits", reader.at - 1);
    value += (byte & 0x7f) * 2 ** shift;
    if (byte < 0x80) return value;
  }
  throw new MalformedModule("a number is longer than 32 bits", reader.at - 1);
}

/** Passes a signed or unsigned LEB128 of at most `bits` bits. */
export function skipLeb(reader: Reader, bits: 32 | 33 | 64): void {
  const bytesMax = Math.ceil(bits / 7);
  for (let index = 0; index < bytesMax; index += 1) {
    if (readByte(reader) < 0x80) return;
  }
  throw new MalformedModule(`a number is longer than ${bits} bits`, reader.at - 1);
}

/** The length of a list that follows. */
export function readCount(reader: Reader): number {
  const count = readU32(reader);
  if (count > COUNT_MAX) throw new MalformedModule(`a list claims ${count} entries`, reader.at);
  return count;
}

export function readName(reader: Reader): string {
  const content = takeReader(reader, readU32(reader));
  try {
    return nameDecoder.decode(content.bytes.subarray(content.at, content.end));
  } catch {
    throw new MalformedModule("a name is not UTF-8", content.at);
  }
}
