import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { findClaim, insertClaim } from "./idempotency-store.ts";

/** Notes, in the transaction that makes something for a job, that the request's key stands for it from now on. */
export type Claim = (tx: Tx, jobId: JobId) => Promise<void>;

/** Another request with the same key was faster; the transaction is given up. */
class ClaimedError extends Error {
  override name = "ClaimedError";
}

/**
 * Does what a request asks, once for each Idempotency-Key of the account: `act` claims the key in its transaction, and a repeat is answered with the job of the
 * first, also when both arrive together. What failed claimed nothing and may be tried again with the same key. Throws `idempotency_key_reused` where the
 * key came with another input. Without a key every request is a first.
 */
export async function doOnce(ctx: Context, accountId: AccountId, act: (claim: Claim) => Promise<JobId>): Promise<JobId> {
  const before = await recall(ctx, accountId);
  if (before) return before;
  const { idempotency, clock } = ctx;
  try {
    return await act(async (tx, jobId) => {
      if (idempotency && !(await insertClaim(tx, { ...idempotency, accountId, jobId, at: clock.now() }))) throw new ClaimedError();
    });
  } catch (error) {
    const meanwhile = error instanceof ClaimedError ? await recall(ctx, accountId) : null;
    if (meanwhile === null) throw error;
    return meanwhile;
  }
}

async function recall({ db, idempotency }: Context, accountId: AccountId): Promise<JobId | null> {
  const claim = idempotency ? await findClaim(db, accountId, idempotency) : null;
  if (claim && claim.inputSha256 !== idempotency?.inputSha256) throw new ApiError("idempotency_key_reused");
  return claim?.jobId ?? null;
}
