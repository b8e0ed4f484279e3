import { joinBytes } from "../join-bytes.ts";
import type { OffsetSink, SliceProblem, Slicer, SliceSummary } from "./slicer.ts";

const LF = 0x0a;

/** A document is parsed whole, so that it has a bound. */
const NDJSON_LINE_BYTES_MAX = 16 * 1024 * 1024;

/** Cuts newline-delimited JSON between documents, `recordsPerShard` of them into each shard but the last. Each line holds one document; empty lines are passed over. */
export function createNdjsonSlicer(recordsPerShard: number, onOffset: OffsetSink): Slicer {
  return new NdjsonSlicer(recordsPerShard, onOffset);
}

class NdjsonSlicer implements Slicer {
  private readonly recordsPerShard: number;
  private readonly onOffset: OffsetSink;
  private readonly decoder = new TextDecoder("utf-8", { fatal: true });
  private problem: SliceProblem | null = null;
  private bytes = 0;
  private line = 1;
  private lineStart = 0;
  private records = 0;
  /** Parts of a line that began in an earlier chunk. */
  private held: Uint8Array[] = [];

  constructor(recordsPerShard: number, onOffset: OffsetSink) {
    this.recordsPerShard = recordsPerShard;
    this.onOffset = onOffset;
  }

  push(chunk: Uint8Array): SliceProblem | null {
    let at = 0;
    while (!this.problem && at < chunk.length) {
      const newline = chunk.indexOf(LF, at);
      const end = newline === -1 ? chunk.length : newline;
      this.readPart(chunk.subarray(at, end), this.bytes + end, newline !== -1);
      at = end + 1;
    }
    this.bytes += chunk.length;
    return this.problem;
  }

  end(): SliceSummary {
    if (!this.problem && this.held.length > 0) this.endLine(new Uint8Array());
    if (this.problem) return { ok: false, ...this.problem };
    if (this.records > 0) this.onOffset(this.bytes);
    return { ok: true, records: this.records, shardCount: Math.ceil(this.records / this.recordsPerShard), bytes: this.bytes };
  }

  private readPart(part: Uint8Array, endOffset: number, isLineEnd: boolean): void {
    if (endOffset - this.lineStart > NDJSON_LINE_BYTES_MAX) this.problem = { line: this.line, problem: `it is longer than ${NDJSON_LINE_BYTES_MAX} bytes` };
    else if (!isLineEnd) this.held.push(part.slice());
    else {
      this.endLine(part);
      this.lineStart = endOffset + 1;
    }
  }

  private endLine(rest: Uint8Array): void {
    const text = this.held.length === 0 ? rest : joinBytes([...this.held, rest]);
    this.held = [];
    if (!isBlank(text)) this.endRecord(problemOf(text, this.decoder));
    this.line += 1;
  }

  private endRecord(problem: string | null): void {
    if (problem !== null) {
      this.problem = { line: this.line, problem };
      return;
    }
    if (this.records % this.recordsPerShard === 0) this.onOffset(this.records === 0 ? 0 : this.lineStart);
    this.records += 1;
  }
}

function problemOf(bytes: Uint8Array, decoder: TextDecoder): string | null {
  let text: string;
  try {
    text = decoder.decode(bytes);
  } catch {
    return "it is not UTF-8";
  }
  try {
    JSON.parse(text);
    return null;
  } catch {
    // What engines say of it differs, and may quote the document.
    return "it is not a whole JSON document";
  }
}

function isBlank(bytes: Uint8Array): boolean {
  return bytes.every((byte) => byte === 0x20 || byte === 0x09 || byte === 0x0d);
}
