import { skipToken, useQuery } from "@tanstack/react-query";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { readShardInput, shardInputBytes } from "#lib/domain/slicing/read-shard-input.ts";
import { composeRun } from "#workers/volunteer/running/shard-work.ts";
import { trialTerms } from "../../trial/trial-terms.ts";
import { sourceOf } from "./count-shards.ts";

const EXCERPT_BYTES = 160;

/** One of the first shards as its run will see it. `excerpt` is the beginning of its input as text; null where it has none. */
export type FirstShard = { part: ShardPreview; args: readonly string[]; excerpt: { text: string; isCut: boolean } | null };

/** The arguments and the beginning of the input of the first shards; of the input only those beginnings are read. */
export function useFirstShards(spec: JobSubmission | null, parts: readonly ShardPreview[], input: File | null) {
  return useQuery({
    queryKey: ["first-shards", spec?.program.args, spec?.slicing, spec?.seed, parts, input && [input.name, input.size, input.lastModified]],
    queryFn: spec && parts.length > 0 ? async () => await Promise.all(parts.map((part) => readShard(spec, part, input))) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}

async function readShard(spec: JobSubmission, part: ShardPreview, input: File | null): Promise<FirstShard> {
  const bytes = shardInputBytes(part);
  // The arguments of a block say where it ends, which its length tells.
  const { args } = composeRun(trialTerms(spec, part), part.no, spec.slicing.mode === "bytes" ? new Uint8Array(bytes) : new Uint8Array());
  if (part.kind === "values" || !input) return { part, args, excerpt: null };
  const head = await readShardInput(sourceOf(input), part, EXCERPT_BYTES);
  return { part, args, excerpt: { text: new TextDecoder().decode(head), isCut: bytes > EXCERPT_BYTES } };
}
