import "server-only";
import { verdictStateOf } from "#lib/domain/trust/hold.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ERROR_CODES, type ErrorCode, errorMessage } from "#lib/protocol/errors.ts";
import type { listShards as listShardsEndpoint, ShardView } from "#lib/protocol/jobs/jobs.ts";
import type { Context } from "../context.ts";
import { getOwnJob } from "../jobs/get-job.ts";
import { requireAccount } from "../principal.ts";
import { getClosedWindow, listReplicaRows, listShardRows, listStderr, type ReplicaRow, type ShardRow } from "./shard-read-store.ts";

type Endpoint = typeof listShardsEndpoint;

/** A page ends early rather than carry more stderr than this. */
const PAGE_STDERR_BYTES_MAX = 2 * 1024 * 1024;

/**
 * Shards of the account's job that have or had a verdict, in order, with their replicas: exit code, trap, and the stderr of those that agreed with the verdict.
 * `next` is `after` of the following page.
 */
export async function listShards(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { jobId, after, limit, verdict, state } = input;
  const { spec } = await getOwnJob(ctx, accountId, jobId);
  const closedWindowNo = await getClosedWindow(ctx.db, spec.verification.assurance);
  const found = await listShardRows(ctx.db, jobId, { after, limit: limit + 1, verdict: verdict ?? null, state: state ?? null, closedWindowNo });
  const candidates = found.slice(0, limit);
  const replicas = Map.groupBy(
    await listReplicaRows(
      ctx.db,
      jobId,
      candidates.map((shard) => shard.no),
    ),
    (replica) => replica.no,
  );
  const page = candidates.slice(0, fittingCount(candidates, replicas));
  const stderr = new Map(
    (
      await listStderr(
        ctx.db,
        jobId,
        page.map((shard) => shard.no),
      )
    ).map((row) => [`${row.no}:${row.device}`, row.stderr]),
  );
  return {
    shards: page.map((shard) => toShardView(shard, { replicas: replicas.get(shard.no) ?? [], stderr, closedWindowNo })),
    next: found.length > page.length ? (page.at(-1)?.no ?? null) : null,
  };
}

/** How many shards from the first on keep the page's stderr in bounds; the first always does. */
function fittingCount(shards: readonly ShardRow[], replicas: ReadonlyMap<number, ReplicaRow[]>): number {
  let bytes = 0;
  const tooMuch = shards.findIndex((shard) => {
    for (const replica of replicas.get(shard.no) ?? []) if (replica.agreed === "yes") bytes += replica.stderrBytes;
    return bytes > PAGE_STDERR_BYTES_MAX;
  });
  return tooMuch === -1 ? shards.length : Math.max(1, tooMuch);
}

type Around = { replicas: readonly ReplicaRow[]; stderr: ReadonlyMap<string, string>; closedWindowNo: number };

function toShardView({ windowNo, ...shard }: ShardRow, { replicas, stderr, closedWindowNo }: Around): ShardView {
  return {
    ...shard,
    verdict: shard.verdict === "open" ? null : shard.verdict,
    state: verdictStateOf({ verdict: shard.verdict, windowNo }, closedWindowNo),
    reason: shard.reason ? { code: shard.reason, message: reasonMessage(shard, replicas.length) } : null,
    replicas: replicas.map(({ no, stderrBytes: _, ...replica }) => ({ ...replica, stderr: stderr.get(`${no}:${replica.device}`) ?? null })),
  };
}

function reasonMessage(shard: Pick<ShardRow, "reason" | "outcome">, replicas: number): string {
  const code = shard.reason ?? "";
  if (!(code in ERROR_CODES)) return code;
  return errorMessage(code as ErrorCode, { replicas, ...(shard.outcome ? { outcome: shard.outcome } : {}) });
}
