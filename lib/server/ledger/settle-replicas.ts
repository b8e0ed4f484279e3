import "server-only";
import type { JobId } from "#lib/domain/ids.ts";
import { feeOn, type Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../db/client.ts";
import type { Judged } from "../exchange/reporting/result-store.ts";
import { newId } from "../ids.ts";
import { type JobPosting, postJobGroup } from "./ledger-store.ts";

/**
 * Pays the replicas that this transaction found agreeing, in one posting group: escrow to the devices' earnings, or to what they may
 * still forfeit, and the fee. The caller's update of
 * `settled_at` in the same transaction is what makes a replica payable once, so the group's ref only has to be new.
 */
export async function settleReplicas(tx: Tx, job: { jobId: JobId; priceMicro: Micro; feeBps: number }, judged: readonly Judged[]): Promise<void> {
  const lines: JobPosting[] = judged
    .filter((j) => j.agreed === "yes")
    .map((j) => ({ side: j.isVested ? "earned" : "pending", deviceId: j.deviceId, amountMicro: BigInt(j.count) * job.priceMicro }));
  const replicas = judged.reduce((total, j) => total + (j.agreed === "yes" ? j.count : 0), 0);
  if (replicas === 0) return;
  const feeMicro = BigInt(replicas) * feeOn(job.priceMicro, job.feeBps);
  const earnedMicro = BigInt(replicas) * job.priceMicro;
  lines.push({ side: "fee", amountMicro: feeMicro }, { side: "escrow", amountMicro: -(earnedMicro + feeMicro) });
  await postJobGroup(tx, { jobId: job.jobId, ref: `settle:${newId("grt").slice(4)}`, lines });
}
