import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { JobManifest } from "#lib/protocol/exchange/exchange.ts";
import type { RunShardRequest, ShardOutcome } from "#workers/executor/executor-contract.ts";
import { type Live, within } from "./live-executor.ts";
import { composeRun } from "./shard-work.ts";

/** How long the optimising compiler is given: it begins when enough was run, and works beside it. */
const WARM_UP_MS = 150;
/** A run on one record that takes longer has warmed the program up by itself; it is ended. */
const RUN_DEADLINE_MS = 500;
/** More than this of an input is no small part of it. */
const RECORD_BYTES_MAX = 64 * 1024;

export type WarmUpRequest = RunShardRequest & { stdin: Uint8Array<ArrayBuffer> };

/**
 * The smallest part of a shard that is a shard itself: its first record, or its first number. V8 leaves a loop that was entered in its baseline compiler
 * there until the call returns, up to 14 times slower; a program that has run on a small part first does not meet that. Null where a shard has no parts.
 */
export function composeWarmUp(manifest: JobManifest, no: number, stdin: Uint8Array<ArrayBuffer>): WarmUpRequest | null {
  const { slicing } = manifest;
  if (slicing.mode === "range") {
    if (slicing.valuesPerShard <= 1) return null;
    // Shards of one value each, of which this is the one that begins where the shard does.
    return composeRun({ ...manifest, slicing: { ...slicing, valuesPerShard: 1 } }, no * slicing.valuesPerShard, stdin);
  }
  const record = firstRecord(stdin, slicing);
  return record === null ? null : composeRun(manifest, no, record);
}

/** Runs the part again and again while the compiler works; false when the executor did not answer in time and has to be ended. */
export async function warmUp(live: Live, request: WarmUpRequest): Promise<boolean> {
  const endsAtMs = performance.now() + WARM_UP_MS;
  while (performance.now() < endsAtMs) {
    const outcome = await within<ShardOutcome>(RUN_DEADLINE_MS, live, live.executor.run(request));
    if (outcome === "late" || outcome === "gone") return false;
    // A program that fails on a part of its input gains nothing from doing so again.
    if (outcome.status !== "ok" && outcome.status !== "no_output") return true;
  }
  return true;
}

const NEWLINE = 10;
const FASTA_MARK = 62;

/** The first record of an input of records, in csv with the header before it; null where a shard is one record, or has none. */
function firstRecord(stdin: Uint8Array<ArrayBuffer>, { mode }: Slicing): Uint8Array<ArrayBuffer> | null {
  if (mode !== "lines" && mode !== "ndjson" && mode !== "csv" && mode !== "fasta") return null;
  let isHeader = mode === "csv";
  for (let at = stdin.indexOf(NEWLINE); at >= 0 && at < RECORD_BYTES_MAX; at = stdin.indexOf(NEWLINE, at + 1)) {
    const isEnd = at + 1 < stdin.length && (mode !== "fasta" || stdin[at + 1] === FASTA_MARK);
    if (isEnd && !isHeader) return stdin.slice(0, at + 1);
    isHeader = false;
  }
  return null;
}
