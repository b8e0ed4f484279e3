import { skipToken, useQuery } from "@tanstack/react-query";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import { composeRun } from "#workers/volunteer/running/shard-work.ts";
import { trialTerms } from "../../trial/trial-terms.ts";
import type { ShardPart } from "./count-shards.ts";

const EXCERPT_BYTES = 160;

/** One of the first shards as its run will see it. `excerpt` is the beginning of its input as text; null where it counts. */
export type FirstShard = ShardPart & { args: readonly string[]; excerpt: { text: string; isCut: boolean } | null };

/** The arguments and the beginning of the input of the first shards; of the input only those beginnings are read. */
export function useFirstShards(spec: JobSubmission | null, parts: readonly ShardPart[], input: File | null) {
  return useQuery({
    queryKey: ["first-shards", spec?.program.args, spec?.slicing, spec?.seed, parts, input && [input.name, input.size, input.lastModified]],
    queryFn: spec && parts.length > 0 ? async () => await Promise.all(parts.map((part) => readShard(spec, part, input))) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
    retry: false,
  });
}

async function readShard(spec: JobSubmission, part: ShardPart, input: File | null): Promise<FirstShard> {
  const { args } = composeRun(trialTerms(spec), part.no, new Uint8Array());
  if (part.kind === "values" || !input) return { ...part, args, excerpt: null };
  const text = await input.slice(part.from, Math.min(part.to, part.from + EXCERPT_BYTES)).text();
  return { ...part, args, excerpt: { text, isCut: part.to - part.from > EXCERPT_BYTES } };
}
