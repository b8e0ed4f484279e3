import type { OffsetSink, SliceProblem, Slicer, SliceSummary } from "./slicer.ts";
import type { CsvDelimiter } from "./slicing.ts";

const LF = 0x0a;
const CR = 0x0d;
const QUOTE = 0x22;
/** Some programs write these three bytes before a text; they belong to no field. */
const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/** A header goes before every shard, so that it has a bound. */
const CSV_HEADER_BYTES_MAX = 65_536;

/** Where the reader stands: before the first byte of a field, in a plain or a quoted one, or behind the mark that may have ended a quoted one. */
type Place = "field" | "plain" | "quoted" | "closed";

/**
 * Cuts CSV (RFC 4180) between records, `recordsPerShard` of them into each shard but the last. The first record is the header: the first offset is its end, and
 * it belongs to every shard. Fields in quotation marks may hold line breaks; each record has as many fields as the header; empty lines are passed over.
 */
export function createCsvSlicer(options: { recordsPerShard: number; delimiter: CsvDelimiter }, onOffset: OffsetSink): Slicer {
  return new CsvSlicer(options, onOffset);
}

class CsvSlicer implements Slicer {
  private readonly recordsPerShard: number;
  private readonly delimiter: number;
  private readonly onOffset: OffsetSink;
  private problem: SliceProblem | null = null;
  private place: Place = "field";
  private bytes = 0;
  private line = 1;
  private records = 0;
  private columns: number | null = null;
  /** Of the record that is being read: its fields so far, its first byte (null before one) and line, and the line on which its last quotation began. */
  private fields = 1;
  private start: number | null = null;
  private startLine = 1;
  private quoteLine = 1;
  private hasReturn = false;

  constructor({ recordsPerShard, delimiter }: { recordsPerShard: number; delimiter: CsvDelimiter }, onOffset: OffsetSink) {
    this.recordsPerShard = recordsPerShard;
    this.delimiter = delimiter.charCodeAt(0);
    this.onOffset = onOffset;
  }

  push(chunk: Uint8Array): SliceProblem | null {
    for (let i = 0; i < chunk.length && !this.problem; i++) {
      const byte = chunk[i] as number;
      if (byte === 0) this.fail(this.line, "it holds the byte 0x00, which is not text");
      else if (this.place === "quoted") this.readQuoted(byte);
      else this.readBare(byte, this.bytes + i);
    }
    this.bytes += chunk.length;
    return this.problem;
  }

  end(): SliceSummary {
    if (this.place === "quoted") this.fail(this.quoteLine, "a quotation mark opens a field and none closes it");
    if (!this.problem && this.start !== null) this.endRecord();
    if (this.problem) return { ok: false, ...this.problem };
    if (this.records > 0) this.onOffset(this.bytes);
    return { ok: true, records: this.records, shardCount: Math.ceil(this.records / this.recordsPerShard), bytes: this.bytes };
  }

  private readQuoted(byte: number): void {
    if (byte === QUOTE) this.place = "closed";
    else if (byte === LF) this.line += 1;
  }

  private readBare(byte: number, offset: number): void {
    if (byte === LF) this.endLine();
    else if (this.hasReturn) this.fail(this.line, "a carriage return stands inside the row without a line feed after it");
    else if (byte === CR) this.hasReturn = true;
    else this.readField(byte, offset);
  }

  private readField(byte: number, offset: number): void {
    this.beginRecord(offset);
    if (byte === BYTE_ORDER_MARK[offset]) return;
    if (byte === this.delimiter) {
      this.fields += 1;
      this.place = "field";
    } else if (byte === QUOTE) this.readQuote();
    else if (this.place === "closed") this.fail(this.line, "something follows the quotation mark that closes a field");
    else this.place = "plain";
  }

  private readQuote(): void {
    if (this.place === "plain") this.fail(this.line, "a quotation mark stands inside a field that does not begin with one");
    // Two marks inside a quoted field are one that belongs to it.
    if (this.place === "field") this.quoteLine = this.line;
    this.place = "quoted";
  }

  private beginRecord(offset: number): void {
    if (this.start !== null) return;
    this.start = offset;
    this.startLine = this.line;
    if (this.columns === null) return;
    if (this.records === 0 && offset > CSV_HEADER_BYTES_MAX) this.fail(1, `the header is longer than ${CSV_HEADER_BYTES_MAX} bytes`);
    if (this.records % this.recordsPerShard === 0) this.onOffset(offset);
  }

  private endLine(): void {
    this.hasReturn = false;
    if (this.start !== null) this.endRecord();
    this.line += 1;
  }

  private endRecord(): void {
    if (this.columns === null) this.columns = this.fields;
    else if (this.fields !== this.columns) {
      this.fail(this.startLine, `the row has ${this.fields} ${this.fields === 1 ? "field" : "fields"} and the header ${this.columns}`);
    } else this.records += 1;
    this.start = null;
    this.fields = 1;
    this.place = "field";
  }

  private fail(line: number, problem: string): void {
    this.problem ??= { line, problem };
  }
}
