import "server-only";
import type { deleteMe as deleteMeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { discardArtifact } from "../../artifacts/record-artifact.ts";
import { deleteConsents } from "../../consent/consent-store.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession } from "../../principal.ts";
import { noSessionCookie } from "../session-cookie.ts";
import { eraseAccount, listUnclosedJobs, lockAccount } from "./account-data-store.ts";

type Endpoint = typeof deleteMeEndpoint;

const NAMED_MAX = 5;

/**
 * Deletes the account of this session: its address, keys and sessions, its uploads, to which texts it agreed, and what its jobs say. Verdicts and the books are never changed and stay
 * under the account's number. Throws `conflict`, changing nothing, while one of its jobs is open or is being settled, and names up to five.
 */
export async function deleteMe(ctx: Context, _input: InputOf<Endpoint>): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const { accountId } = requireSession(ctx.principal);
  const unused = await transaction(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    const open = await listUnclosedJobs(tx, accountId, NAMED_MAX);
    if (open.length > 0)
      throw new ApiError("conflict", { problem: `these jobs have not ended or are still being settled: ${open.map(({ name }) => name).join(", ")}` });
    await deleteConsents(tx, accountId);
    return await eraseAccount(tx, accountId, `deleted ${accountId}`);
  });
  for (const sha256 of unused) {
    // The account is gone already; what cannot be removed now is bytes that nobody can name.
    await discardArtifact(ctx, sha256).catch((err: unknown) => ctx.log.warn({ err, sha256 }, "bytes of a deleted account stay in the store"));
  }
  return { output: { deleted: true }, headers: { "set-cookie": noSessionCookie(ctx.config) } };
}
