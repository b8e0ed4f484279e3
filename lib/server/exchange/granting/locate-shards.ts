import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import { readFileNames } from "../../artifacts/file-names.ts";
import { readOffsets } from "../../artifacts/shard-index.ts";
import type { JobFacts } from "../job-snapshot.ts";

type Places = Omit<NonNullable<GrantView["input"]>, "url">;

/** In which artifact the shards `fromNo` to `toNo` (exclusive) of a job lie, and where; null where shards are computed. */
export async function locateShards(
  blobs: BlobStore,
  job: Pick<JobFacts, "spec" | "indexSha256" | "cutSha256" | "shardCount">,
  { fromNo, toNo }: { fromNo: number; toNo: number },
): Promise<{ sha256: Sha256; places: Places } | null> {
  const { slicing, input } = job.spec;
  if (!input) return null;
  if (slicing.mode === "bytes") {
    const end = toNo === job.shardCount ? await blobs.size(input.sha256) : toNo * slicing.bytesPerShard;
    const starts = Array.from({ length: toNo - fromNo }, (_, i) => (fromNo + i) * slicing.bytesPerShard);
    return { sha256: input.sha256, places: { offsets: [...starts, end ?? toNo * slicing.bytesPerShard] } };
  }
  if (!job.indexSha256) return null;
  const offsets = await readOffsets(blobs, job.indexSha256, fromNo, toNo);
  if (slicing.mode === "csv") {
    const [headerBytes = 0] = await readOffsets(blobs, job.indexSha256, 0, 0);
    return { sha256: input.sha256, places: { offsets, headerBytes } };
  }
  if (slicing.mode !== "files" || !job.cutSha256) return { sha256: input.sha256, places: { offsets } };
  const names = await readFileNames(blobs, { sha256: job.indexSha256, shardCount: job.shardCount }, { fromNo, toNo });
  return { sha256: job.cutSha256, places: { offsets, names } };
}
