import "server-only";
import { INLINE_OUTPUT_BYTES_MAX } from "#lib/domain/job/job.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ERROR_CODES, type ErrorCode, errorMessage } from "#lib/protocol/errors.ts";
import type { listOutputs as listOutputsEndpoint, ShardOutput } from "#lib/protocol/jobs/outputs.ts";
import type { Context } from "../context.ts";
import { getOwnJob } from "../jobs/get-job.ts";
import { haveEnded } from "../jobs/retention/refuse-ended.ts";
import { requireAccount } from "../principal.ts";
import { listOutputRows, type OutputRow } from "./output-store.ts";
import { getClosedWindow } from "./shard-read-store.ts";

type Endpoint = typeof listOutputsEndpoint;

/** What the shards of the account's job came to, in order, as far as they have a verdict; once results have ended, without their bytes. `next` is `after` of the following page. */
export async function listOutputs(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { jobId, after, limit } = input;
  const job = await getOwnJob(ctx, accountId, jobId);
  const { spec } = job;
  const closedWindowNo = await getClosedWindow(ctx.db, spec.verification.assurance);
  const found = await listOutputRows(ctx.db, jobId, { after, limit: limit + 1 });
  const page = found.slice(0, limit);
  return {
    outputs: page.map((row) => toShardOutput(row, { closedWindowNo, areGone: haveEnded(ctx, job) })),
    next: found.length > limit ? (page.at(-1)?.no ?? null) : null,
  };
}

function toShardOutput(row: OutputRow, { closedWindowNo, areGone }: { closedWindowNo: number; areGone: boolean }): ShardOutput {
  const { no, verdict, outputBytes, digest } = row;
  const isHere = verdict === "accepted" && !areGone && outputBytes <= INLINE_OUTPUT_BYTES_MAX;
  return {
    no,
    verdict,
    final: row.windowNo === null || row.windowNo <= closedWindowNo,
    reason: row.reason === null ? null : { code: row.reason, message: reasonMessage(row.reason, row.outcome) },
    outputBytes,
    sha256: verdict === "accepted" ? digest : null,
    output: isHere ? Buffer.from(row.output ?? []).toString("base64") : null,
  };
}

function reasonMessage(code: string, outcome: string | null): string {
  return Object.hasOwn(ERROR_CODES, code) ? errorMessage(code as ErrorCode, outcome ? { outcome } : {}) : code;
}
