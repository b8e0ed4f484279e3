import type { DeviceId, JobId } from "#lib/domain/ids.ts";
import { feeOn, type Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "#lib/server/db/client.ts";
import { newId } from "#lib/server/ids.ts";
import { type JobPosting, postJobGroup } from "#lib/server/ledger/ledger-store.ts";

type Judged = { deviceId: DeviceId; agreed: "yes" | "no"; isVested: boolean; count: number; durationMs: number };

/** Pays replicas as if they had been found agreeing, in the posting group that an exchange writes: for tests of the books that need no shards. */
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
