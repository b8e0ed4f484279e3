import type { OffsetSink, SliceProblem, Slicer } from "./slicer.ts";

const LF = 0x0a;
const HEADER_MARK = 0x3e;

const VISIBLE = 0;
const BLANK = 1;
const NEWLINE = 2;
const BINARY = 3;

/** What each byte is to a FASTA file: control bytes do not occur in text, and everything from 0x80 on may be UTF-8 in a header. */
const BYTE_CLASS = Uint8Array.from({ length: 256 }, (_, byte) => classOf(byte));

function classOf(byte: number): number {
  if (byte === LF) return NEWLINE;
  if (byte === 0x20 || byte === 0x09 || byte === 0x0d) return BLANK;
  return byte < 0x20 || byte === 0x7f ? BINARY : VISIBLE;
}

/**
 * Cuts FASTA between records, `recordsPerShard` of them into each shard but the last. A record begins with ">" at the start of a line, has a name
 * and at least one line of sequence. Blank lines may stand anywhere, those before the first record belong to it; lines may end in CR LF.
 */
export function createFastaSlicer(recordsPerShard: number, onOffset: OffsetSink): Slicer {
  return new FastaSlicer(recordsPerShard, onOffset);
}

class FastaSlicer implements Slicer {
  private readonly recordsPerShard: number;
  private readonly onOffset: OffsetSink;
  private problem: SliceProblem | null = null;
  private bytes = 0;
  private line = 1;
  private atLineStart = true;
  private inHeader = false;
  private records = 0;
  private headerLine = 0;
  private hasName = false;
  private hasSequence = false;

  constructor(recordsPerShard: number, onOffset: OffsetSink) {
    this.recordsPerShard = recordsPerShard;
    this.onOffset = onOffset;
  }

  push(chunk: Uint8Array): SliceProblem | null {
    if (this.problem) return this.problem;
    for (let i = 0; i < chunk.length; i++) {
      const byte = chunk[i] as number;
      const kind = BYTE_CLASS[byte];
      if (kind === VISIBLE) {
        if (this.atLineStart) this.beginLine(byte, this.bytes + i);
        else if (this.inHeader) this.hasName = true;
        else this.readSequence();
      } else if (kind === NEWLINE) this.endLine();
      else if (kind === BINARY) this.fail(this.line, `it holds the byte 0x${byte.toString(16).padStart(2, "0")}, which is not text`);
      if (kind !== NEWLINE) this.atLineStart = false;
      if (this.problem) return this.problem;
    }
    this.bytes += chunk.length;
    return null;
  }

  end() {
    if (!this.problem && this.records > 0) this.endRecord();
    if (this.problem) return { ok: false as const, ...(this.problem as SliceProblem) };
    if (this.records > 0) this.onOffset(this.bytes);
    return { ok: true as const, records: this.records, shardCount: Math.ceil(this.records / this.recordsPerShard), bytes: this.bytes };
  }

  private beginLine(byte: number, offset: number): void {
    if (byte === HEADER_MARK) this.beginRecord(offset);
    else this.readSequence();
  }

  private readSequence(): void {
    if (this.records === 0) this.fail(this.line, 'text stands before the first record, which begins with ">"');
    else this.hasSequence = true;
  }

  private beginRecord(offset: number): void {
    if (this.records > 0) this.endRecord();
    if (this.problem) return;
    // What precedes the first record goes with it, so that the shards together are the input.
    if (this.records % this.recordsPerShard === 0) this.onOffset(this.records === 0 ? 0 : offset);
    this.records += 1;
    this.headerLine = this.line;
    this.inHeader = true;
    this.hasName = false;
    this.hasSequence = false;
  }

  private endRecord(): void {
    if (!this.hasName) this.fail(this.headerLine, 'the record has no name after ">"');
    else if (!this.hasSequence) this.fail(this.headerLine, "the record has no sequence");
  }

  private endLine(): void {
    if (this.inHeader && !this.hasName) this.fail(this.headerLine, 'the record has no name after ">"');
    this.inHeader = false;
    this.atLineStart = true;
    this.line += 1;
  }

  private fail(line: number, problem: string): void {
    this.problem ??= { line, problem };
  }
}
