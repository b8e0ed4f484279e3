import "server-only";
import type { DigestDistance } from "#lib/domain/compare/choose-medoid.ts";
import { closeness } from "#lib/domain/compare/closeness.ts";
import type { ClosenessRule } from "#lib/domain/compare/compare-rule.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { BlobStore } from "../../artifacts/blob-store.ts";
import type { Tx } from "../../db/client.ts";
import type { DecidedShard } from "../../shards/shard-store.ts";
import { listInlineOutputs, type ReportedResult } from "./result-store.ts";

type Outputs = { rule: ClosenessRule; jobId: JobId; nos: readonly number[]; results: readonly ReportedResult[]; shards: readonly DecidedShard[] };

/**
 * How far the unjudged outputs of each shard are apart, and from the accepted one where there is one. Reads outputs only where two differ, one shard after the
 * other, so that memory holds those of one. An output that is not to be found is far from every other.
 */
export async function measureDistances(tx: Tx, blobs: BlobStore, outputs: Outputs): Promise<Map<number, DigestDistance>> {
  const { rule, jobId, nos, results, shards } = outputs;
  const inline = await listInlineOutputs(tx, jobId, nos);
  const distances = new Map<number, DigestDistance>();
  for (const no of nos) {
    const reported = results.filter((result) => result.no === no && result.outcome === "ok" && !result.isJudged).map((result) => result.digest);
    const accepted = shards.find((shard) => shard.no === no && shard.outcome === "ok")?.digest ?? null;
    const digests = [...new Set([...reported, ...(accepted === null ? [] : [accepted])])];
    const bytes = new Map<string, Uint8Array | null>();
    if (digests.length > 1) for (const digest of digests) bytes.set(digest, inline.get(digest) ?? (await readOutput(blobs, digest)));
    distances.set(no, distanceBetween(digests, { bytes, rule }));
  }
  return distances;
}

async function readOutput(blobs: BlobStore, digest: string): Promise<Uint8Array | null> {
  return (await blobs.size(digest)) === null ? null : await blobs.readBytes(digest);
}

/** Every pair is measured once; the bytes are let go then. */
function distanceBetween(digests: readonly string[], by: { bytes: ReadonlyMap<string, Uint8Array | null>; rule: ClosenessRule }): DigestDistance {
  const measured = new Map<string, number>();
  for (const a of digests) {
    for (const b of digests) {
      const [left, right] = [by.bytes.get(a), by.bytes.get(b)];
      if (a < b) measured.set(`${a} ${b}`, left && right ? closeness(left, right, by.rule) : Number.POSITIVE_INFINITY);
    }
  }
  return (a, b) => (a === b ? 0 : (measured.get(a < b ? `${a} ${b}` : `${b} ${a}`) ?? Number.POSITIVE_INFINITY));
}
