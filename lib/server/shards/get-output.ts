import "server-only";
import { isOpen } from "#lib/domain/job/job.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getOutput as getOutputEndpoint } from "#lib/protocol/jobs/outputs.ts";
import { UNTRUSTED_BYTES_HEADERS } from "../artifacts/untrusted-bytes-headers.ts";
import type { Context } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { getOwnJob } from "../jobs/get-job.ts";
import { refuseEnded } from "../jobs/retention/refuse-ended.ts";
import { requireAccount } from "../principal.ts";
import { findOutputRow, type OutputRow } from "./output-store.ts";

type Endpoint = typeof getOutputEndpoint;

/**
 * The output of one shard of the account's job, streamed. Throws `not_found` for a number the job does not have, `result_not_ready` while it has no
 * verdict, `conflict` if it failed or the job ended without it, `result_gone` once results have ended.
 */
export async function getOutput(ctx: Context, { jobId, no }: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const job = await getOwnJob(ctx, accountId, jobId);
  if (no >= job.shardCount) throw new ApiError("not_found", { what: "shard" });
  refuseEnded(ctx, job);
  const row = await findOutputRow(ctx.db, jobId, no);
  if (!row && isOpen(job.state)) throw new ApiError("result_not_ready");
  if (row?.verdict !== "accepted") throw new ApiError("conflict", { problem: `shard ${no} has no output, because it ${row ? "failed" : "was never decided"}` });
  return {
    status: 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      "cache-control": "private, no-store",
      "content-disposition": `attachment; filename="shard-${no}.bin"`,
      "content-length": String(row.outputBytes),
      "content-type": "application/octet-stream",
    },
    body: bytesOf(ctx, row),
  };
}

async function* bytesOf({ blobs }: Context, { output, outputBytes, digest }: OutputRow): AsyncGenerator<Uint8Array> {
  if (output || outputBytes === 0 || !digest) yield output ?? new Uint8Array();
  else yield* blobs.read(digest);
}
