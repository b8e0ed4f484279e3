import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { createSlicer, type InputSlicing, recordsWord } from "#lib/domain/slicing/create-slicer.ts";
import { rangeShardCount } from "#lib/domain/slicing/range.ts";
import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { ErrorParams } from "#lib/protocol/errors.ts";

type Refusal = "input_empty" | "input_malformed" | "shards_too_many";

/** How many shards a submission makes, or the code with which the server would refuse it. */
export type ShardCount = { ok: true; shardCount: number } | { ok: false; code: Refusal; params: ErrorParams };

/** Cuts the input here with the server's own slicer, streamed; the server decides when the job is submitted. */
export async function countShards(slicing: Slicing, input: File | null, signal: AbortSignal): Promise<ShardCount> {
  if (slicing.mode === "range") return limited(rangeShardCount(slicing));
  if (!input) return { ok: true, shardCount: 0 };
  const slicer = createSlicer(slicing, () => {});
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
  return limited(summary.shardCount);
}

function limited(shardCount: number): ShardCount {
  if (shardCount > JOB_LIMITS.shardsMax) return refused("shards_too_many", { count: shardCount, limit: JOB_LIMITS.shardsMax });
  return { ok: true, shardCount };
}

function malformed(slicing: InputSlicing, { line, problem }: { line: number; problem: string }): ShardCount {
  return refused("input_malformed", { format: slicing.mode === "fasta" ? "FASTA" : "text", line, problem });
}

function refused(code: Refusal, params: ErrorParams): ShardCount {
  return { ok: false, code, params };
}
