import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import { readShardInput } from "#lib/domain/slicing/read-shard-input.ts";
import { sourceOf } from "../queries/submission/count-shards.ts";

/** What a shard of a dry run reads. */
export async function readStdin(part: ShardPreview, input: File | null): Promise<Uint8Array<ArrayBuffer>> {
  return input ? await readShardInput(sourceOf(input), part, Number.POSITIVE_INFINITY) : new Uint8Array();
}
