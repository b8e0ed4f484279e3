import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { createSlicer, type InputSlicing, recordsWord } from "#lib/domain/slicing/create-slicer.ts";
import { rangeShardCount, type ShardRange, shardRange } from "#lib/domain/slicing/range.ts";
import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { ErrorParams } from "#lib/protocol/errors.ts";

type Refusal = "input_empty" | "input_malformed" | "shards_too_many";

/** How many of the first shards are told apart; enough to see how the input is cut and to try the program. */
const FIRST_SHARDS_MAX = 5;

/** One shard of a submission: the bytes of the input that it reads, up to but without `to`, or the values that it counts. */
export type ShardPart = { no: number; kind: "bytes" | "values"; from: number; to: number };

/** How many shards a submission makes and which the first are, or the code with which the server would refuse it. */
export type ShardCount = { ok: true; shardCount: number; first: ShardPart[] } | { ok: false; code: Refusal; params: ErrorParams };

/** Cuts the input here with the server's own slicer, streamed; the server decides when the job is submitted. */
export async function countShards(slicing: Slicing, input: File | null, signal: AbortSignal): Promise<ShardCount> {
  if (slicing.mode === "range") return limited(rangeShardCount(slicing), (no) => ({ no, kind: "values", ...pick(shardRange(slicing, no)) }));
  if (!input) return { ok: true, shardCount: 0, first: [] };
  const offsets: number[] = [];
  const slicer = createSlicer(slicing, (offset) => {
    if (offsets.length <= FIRST_SHARDS_MAX) offsets.push(offset);
  });
  const reader = input.stream().getReader();
  try {
    for (;;) {
      signal.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      const problem = slicer.push(value);
      if (problem) return malformed(slicing, problem);
    }
  } finally {
    await reader.cancel();
  }
  const summary = slicer.end();
  if (!summary.ok) return malformed(slicing, summary);
  if (summary.records === 0) return refused("input_empty", { records: recordsWord(slicing) });
  return limited(summary.shardCount, (no) => ({ no, kind: "bytes", from: offsets[no] ?? 0, to: offsets[no + 1] ?? summary.bytes }));
}

function limited(shardCount: number, partOf: (no: number) => ShardPart): ShardCount {
  if (shardCount > JOB_LIMITS.shardsMax) return refused("shards_too_many", { count: shardCount, limit: JOB_LIMITS.shardsMax });
  return { ok: true, shardCount, first: Array.from({ length: Math.min(shardCount, FIRST_SHARDS_MAX) }, (_, no) => partOf(no)) };
}

function pick({ from, to }: ShardRange): { from: number; to: number } {
  return { from, to };
}

function malformed(slicing: InputSlicing, { line, problem }: { line: number; problem: string }): ShardCount {
  return refused("input_malformed", { format: slicing.mode === "fasta" ? "FASTA" : "text", line, problem });
}

function refused(code: Refusal, params: ErrorParams): ShardCount {
  return { ok: false, code, params };
}
