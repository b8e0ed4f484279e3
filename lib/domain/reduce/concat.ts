import type { OutputFormat } from "../job/job.ts";
import { joinBytes } from "../join-bytes.ts";

const LF = 0x0a;
const CR = 0x0d;
const NEWLINE = Uint8Array.of(LF);
const [ARRAY_BEGIN, ARRAY_NEXT, ARRAY_END, ARRAY_EMPTY] = ["[\n", ",\n", "\n]\n", "[]\n"].map((text) => new TextEncoder().encode(text)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];

/** A first line longer than this is data, not a header; it bounds what the reducer holds. */
export const HEADER_BYTES_MAX = 65_536;

/** Joins outputs in shard order, chunk by chunk; holds at most one header and one line as long. */
export interface Concat {
  /** The next bytes of the shard that is being read, as what they add to the result. */
  push(chunk: Uint8Array): Uint8Array[];
  /** Ends the shard; the next bytes belong to another. */
  endShard(): Uint8Array[];
  /** Ends the result. */
  end(): Uint8Array[];
}

/**
 * The reducer `concat`. Outputs follow each other as they are; of csv the first line of the first shard is the header, and shards that begin with an
 * equal line (whatever its line ending) lose theirs. Documents of json become the items of one array. In csv and ndjson, where a line is a record, a newline is put between two shards where one is missing.
 */
export function createConcat(format: OutputFormat): Concat {
  if (format === "json") return createArrayJoiner();
  const joiner = isOfLines(format) ? createLineJoiner() : null;
  const join = (parts: Uint8Array[]) => (joiner ? joiner.join(parts) : parts);
  const header = format === "csv" ? createHeaderFilter() : null;
  return {
    push: (chunk) => join(chunk.length === 0 ? [] : header ? header.push(chunk) : [chunk]),
    endShard() {
      const rest = join(header ? header.endShard() : []);
      joiner?.endShard();
      return rest;
    },
    end: () => [],
  };
}

/** Whether outputs of a format follow each other as they are, so that where one ends changes nothing. */
export function isJoinedAsIs(format: OutputFormat): boolean {
  return format !== "json" && !isOfLines(format);
}

/** In these a line is a record. */
function isOfLines(format: OutputFormat): boolean {
  return format === "csv" || format === "ndjson";
}

/** Makes the documents of all shards the items of one JSON array. */
function createArrayJoiner(): Concat {
  let isFirst = true;
  let isNewShard = true;
  return {
    push(chunk) {
      if (chunk.length === 0) return [];
      const mark = isNewShard ? [isFirst ? ARRAY_BEGIN : ARRAY_NEXT] : [];
      isFirst = false;
      isNewShard = false;
      return [...mark, chunk];
    },
    endShard() {
      isNewShard = true;
      return [];
    },
    end: () => [isFirst ? ARRAY_EMPTY : ARRAY_END],
  };
}

/** Puts a newline between two shards where the earlier one lacks its last. */
function createLineJoiner() {
  let endsLine = true;
  let isNewShard = false;
  return {
    join(parts: Uint8Array[]): Uint8Array[] {
      const last = parts.findLast((part) => part.length > 0);
      if (!last) return [];
      const joined = isNewShard && !endsLine ? [NEWLINE, ...parts] : parts;
      isNewShard = false;
      endsLine = last[last.length - 1] === LF;
      return joined;
    },
    endShard() {
      isNewShard = true;
    },
  };
}

/** Keeps the first line of the first shard and drops equal first lines of the others. Chunks are kept as they are until their line ends: copying each would cost more than all else. */
function createHeaderFilter() {
  /** Null until the first shard's first line is complete; empty when that was too long to be a header. */
  let header: Uint8Array | null = null;
  let isPastFirstLine = false;
  let held: Uint8Array[] = [];
  let heldBytes = 0;

  function takeHeld(): Uint8Array[] {
    isPastFirstLine = true;
    const taken = held;
    held = [];
    heldBytes = 0;
    return taken;
  }

  /** Decides about the collected line: the first ever is the header and stays, an equal one goes. */
  function closeLine(): Uint8Array[] {
    const parts = takeHeld();
    const text = withoutEnding(wholeOf(parts));
    if (header !== null) return header.length > 0 && isEqual(text, header) ? [] : parts;
    header = text.slice();
    return parts;
  }

  /** The line is too long to equal a header: passes on what was held of it. */
  function giveUp(): Uint8Array[] {
    header ??= new Uint8Array(0);
    return takeHeld();
  }

  return {
    push(chunk: Uint8Array): Uint8Array[] {
      if (isPastFirstLine) return [chunk];
      const newline = chunk.indexOf(LF);
      const taken = newline === -1 ? chunk.length : newline + 1;
      if (heldBytes + taken > HEADER_BYTES_MAX + 2) return [...giveUp(), chunk];
      held.push(taken < chunk.length ? chunk.subarray(0, taken) : chunk);
      heldBytes += taken;
      if (newline === -1) return [];
      return taken < chunk.length ? [...closeLine(), chunk.subarray(taken)] : closeLine();
    },
    endShard(): Uint8Array[] {
      const rest = !isPastFirstLine && heldBytes > 0 ? closeLine() : [];
      isPastFirstLine = false;
      return rest;
    },
  };
}

/** Most lines come in one part, which is not copied. */
function wholeOf(parts: readonly Uint8Array[]): Uint8Array {
  const [only] = parts;
  return only && parts.length === 1 ? only : joinBytes(parts);
}

function withoutEnding(line: Uint8Array): Uint8Array {
  let end = line.length;
  if (line[end - 1] === LF) end -= 1;
  if (line[end - 1] === CR) end -= 1;
  return line.subarray(0, end);
}

function isEqual(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i += 1) if (a[i] !== b[i]) return false;
  return true;
}
