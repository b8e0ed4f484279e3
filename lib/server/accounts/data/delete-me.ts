import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { deleteMe as deleteMeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { discardArtifact } from "../../artifacts/record-artifact.ts";
import { deleteUploadsOf } from "../../artifacts/uploads/upload-store.ts";
import { onEveryChain } from "../../chain/choose-chain.ts";
import type { Config } from "../../config/config.ts";
import { deleteConsents } from "../../consent/consent-store.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { revokeCheckingDevicesOf } from "../../devices/checking/checking-device-store.ts";
import { clearLinksOf } from "../../devices/linking/linked-device-store.ts";
import { forgetFunder } from "../../jobs/funders/funder-store.ts";
import { deleteMembersOf } from "../../jobs/members/member-store.ts";
import { deletePublications } from "../../jobs/publication/publication-store.ts";
import { sumBudgets } from "../../ledger/budgets/budget-store.ts";
import { sumAccount } from "../../ledger/posting-sum-store.ts";
import { deleteNoticesOf } from "../../notices/notice-store.ts";
import { deleteReportsOf } from "../../policy/report-store.ts";
import { deleteMemberships } from "../../pools/pool-store.ts";
import { requireSession } from "../../principal.ts";
import { deleteSubscriptionsOf } from "../../push/push-store.ts";
import { noSessionCookie } from "../session-cookie.ts";
import { eraseAccount, listUnclosedJobs, lockAccount } from "./account-data-store.ts";

type Endpoint = typeof deleteMeEndpoint;

const NAMED_MAX = 5;

/**
 * Deletes the account of this session: its address, keys and sessions, its uploads, to which texts it agreed, its places in pools, its reports, what it was told, and what its jobs say. Verdicts and the books are never changed and stay
 * under the account's number. Its devices become nobody's; those that check its jobs are revoked. Throws `conflict`, changing nothing, while one of its jobs is open or is being settled, and names up
 * to five, and while money of it is on the chain.
 */
export async function deleteMe(ctx: Context, _input: InputOf<Endpoint>): Promise<{ output: OutputOf<Endpoint>; headers: Record<string, string> }> {
  const { accountId } = requireSession(ctx.principal);
  const { unused, unfinished } = await transaction(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    const open = await listUnclosedJobs(tx, accountId, { limit: NAMED_MAX });
    if (open.length > 0)
      throw new ApiError("conflict", { problem: `these jobs have not ended or are still being settled: ${open.map(({ name }) => name).join(", ")}` });
    for (const { config } of onEveryChain(ctx)) await refuseUnpaid(tx, config, accountId);
    await clearLinksOf(tx, accountId, ctx.clock.now());
    await revokeCheckingDevicesOf(tx, accountId, ctx.clock.now());
    await deleteConsents(tx, accountId);
    await deletePublications(tx, accountId);
    await deleteMembersOf(tx, accountId);
    await forgetFunder(tx, accountId, `deleted ${accountId}`);
    await deleteMemberships(tx, accountId);
    await deleteReportsOf(tx, accountId);
    await deleteNoticesOf(tx, accountId);
    await deleteSubscriptionsOf(tx, accountId);
    return { unfinished: await deleteUploadsOf(tx, accountId), unused: await eraseAccount(tx, accountId, `deleted ${accountId}`) };
  });
  // The account is gone already; what cannot be removed now is bytes that nobody can name.
  for (const uploadId of unfinished)
    await ctx.blobs.partials.remove(uuidOf(uploadId)).catch((err: unknown) => ctx.log.warn({ err, uploadId }, "bytes of a deleted account stay in the store"));
  for (const sha256 of unused) {
    await discardArtifact(ctx, sha256).catch((err: unknown) => ctx.log.warn({ err, sha256 }, "bytes of a deleted account stay in the store"));
  }
  return { output: { deleted: true }, headers: { "set-cookie": noSessionCookie(ctx.config) } };
}

/** Once nothing tells whose an address is, what it earned or deposited could not be booked to anybody. */
async function refuseUnpaid(tx: Tx, { chain, purse }: Config, accountId: AccountId): Promise<void> {
  const { sides } = await sumAccount(tx, accountId, purse);
  if ((sides.publishing ?? 0n) + (sides.published ?? 0n) > 0n)
    throw new ApiError("conflict", { problem: "earnings of yours wait to be claimed: claim them first" });
  if ((sides.releasing ?? 0n) > 0n || (await sumBudgets(tx, chain.id, accountId)) > 0n)
    throw new ApiError("conflict", { problem: "money of yours is in the contract: withdraw it first" });
}
