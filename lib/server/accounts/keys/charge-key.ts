import "server-only";
import { type JobId, type KeyId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Tx } from "../../db/client.ts";
import { insertKeySpend, lockKeyLimits, startOfDay, sumKeySpends } from "./key-store.ts";

/**
 * Notes what a job of this key reserves, in the transaction that reserves it. Throws `key_spend_limit` where that is more than the key may in a day (UTC)
 * or in total. Locks the key's row, so that two jobs at once cannot pass a limit together. What comes back from a job is not counted back.
 */
export async function chargeKey(tx: Tx, charge: { keyId: KeyId; jobId: JobId; amountMicro: Micro; at: Date }): Promise<void> {
  const { keyId, amountMicro, at } = charge;
  const limits = await lockKeyLimits(tx, keyId);
  const spent = await sumKeySpends(tx, keyId, startOfDay(at));
  refuseAbove("day", limits.spendDayMicro, { spent: spent.dayMicro, amountMicro });
  refuseAbove("total", limits.spendTotalMicro, { spent: spent.totalMicro, amountMicro });
  await insertKeySpend(tx, charge);
}

function refuseAbove(period: "day" | "total", limit: Micro | null, { spent, amountMicro }: { spent: Micro; amountMicro: Micro }): void {
  if (limit === null || spent + amountMicro <= limit) return;
  throw new ApiError("key_spend_limit", { period, limit: String(limit), left: String(limit > spent ? limit - spent : 0n), need: String(amountMicro) });
}

/** A key that is restricted to one job may name no other, and no endpoint that names none. */
export function checkKeyJob(key: { jobId: JobId | null } | null | undefined, input: unknown): void {
  if (!key?.jobId) return;
  const named = typeof input === "object" && input !== null && "jobId" in input ? input.jobId : null;
  if (typeof named !== "string" || uuidOf(named as JobId) !== uuidOf(key.jobId)) throw new ApiError("key_job", { job: key.jobId });
}
