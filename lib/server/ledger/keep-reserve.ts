import "server-only";
import type { DeviceId, JobId } from "#lib/domain/ids.ts";
import { type ReservedPay, rollReserve } from "#lib/domain/trust/roll-reserve.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { type JobPosting, postJobGroup } from "./ledger-store.ts";
import { listReleasable, listReserved, lockReserves, saveReserved } from "./reserve-store.ts";

export type Vesting = { deviceId: DeviceId } & ReservedPay<JobId>;

/**
 * Pay that is beyond its window joins the reserve of its device, and what it pushes out is earned: one posting group for each job of which something leaves.
 * `ref` names the vesting; the caller makes sure that it happens once.
 */
export async function vestIntoReserve(tx: Tx, vestings: readonly Vesting[], { ref, paymentsMax }: { ref: string; paymentsMax: number }): Promise<void> {
  const byDevice = Map.groupBy(vestings, ({ deviceId }) => deviceId);
  if (byDevice.size === 0) return;
  await lockReserves(tx);
  const held = await listReserved(tx, [...byDevice.keys()]);
  const rolled = new Map([...byDevice].map(([deviceId, added]) => [deviceId, rollReserve(held.get(deviceId) ?? [], added, paymentsMax)]));
  if (paymentsMax > 0 || held.size > 0) await saveReserved(tx, new Map([...rolled].map(([deviceId, { kept }]) => [deviceId, kept])));
  await postEarned(
    tx,
    ref,
    [...rolled].flatMap(([deviceId, { released }]) => released.map((pay) => ({ ...pay, deviceId }))),
  );
}

/** Releases the reserves of closed devices once a window's time has passed since and nothing of theirs is on hold any more. Returns of how many devices. */
export async function releaseClosed({ db, clock, config }: Services): Promise<number> {
  const closedBefore = new Date(clock.now().getTime() - config.hold.windowMsMax);
  const due = await listReleasable(db, closedBefore);
  if (due.length === 0) return 0;
  return await transaction(db, async (tx) => {
    await lockReserves(tx);
    // Somebody else may have released them, or found one out, while this one waited.
    const deviceIds = await listReleasable(tx, closedBefore);
    const held = await listReserved(tx, deviceIds);
    await saveReserved(tx, new Map(deviceIds.map((deviceId) => [deviceId, []])));
    await postEarned(
      tx,
      `close:${newId("grt").slice(4)}`,
      [...held].flatMap(([deviceId, pays]) => pays.map((pay) => ({ ...pay, deviceId }))),
    );
    return deviceIds.length;
  });
}

async function postEarned(tx: Tx, ref: string, pays: readonly Vesting[]): Promise<void> {
  for (const [jobId, of] of Map.groupBy(pays, (pay) => pay.jobId)) {
    const lines = of.flatMap(({ deviceId, payments, priceMicro }): JobPosting[] => {
      const amountMicro = BigInt(payments) * priceMicro;
      return [
        { side: "pending", deviceId, amountMicro: -amountMicro },
        { side: "earned", deviceId, amountMicro },
      ];
    });
    await postJobGroup(tx, { jobId, ref, lines });
  }
}
