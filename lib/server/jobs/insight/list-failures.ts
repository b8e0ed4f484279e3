import "server-only";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ERROR_CODES, type ErrorCode, errorMessage } from "#lib/protocol/errors.ts";
import type { FailureGroups, listFailures as listFailuresEndpoint } from "#lib/protocol/jobs/insight.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { getCounters } from "../../shards/shard-store.ts";
import { getOwnJob } from "../get-job.ts";
import { type FailureRow, listFailureRows, listLogs } from "./insight-store.ts";

const LOOKED_MAX = 10_000;
const GROUPS_MAX = 20;
const SHARDS_MAX = 8;
const LOG_CHARS_MAX = 4096;

/** The failed shards of the account's job by how they failed. */
export async function listFailures(ctx: Context, input: InputOf<typeof listFailuresEndpoint>): Promise<FailureGroups> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  const { id } = await getOwnJob(ctx, accountId, input.jobId);
  const [rows, { failed }] = await Promise.all([
    listFailureRows(ctx.db, id, { looked: LOOKED_MAX, groups: GROUPS_MAX, shards: SHARDS_MAX }),
    getCounters(ctx.db, id),
  ]);
  const logs = await listLogs(ctx.db, id, { nos: rows.flatMap((row) => row.shards.slice(0, 1)), charsMax: LOG_CHARS_MAX });
  return {
    groups: rows.map(({ reason, ...row }) => ({
      ...row,
      reason: reason ? { code: reason, message: reasonMessage(reason, row) } : null,
      stderr: logs.get(row.shards[0] ?? -1) ?? null,
    })),
    looked: Math.min(failed, LOOKED_MAX),
  };
}

function reasonMessage(code: string, { outcome }: Pick<FailureRow, "outcome">): string {
  return code in ERROR_CODES ? errorMessage(code as ErrorCode, outcome ? { outcome } : {}) : code;
}
