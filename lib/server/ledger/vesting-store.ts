import "server-only";
import type { DeviceId } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Reader } from "../db/client.ts";
import { sumDevice } from "./posting-sum-store.ts";
import { sumReserved } from "./reserve-store.ts";

/*
 * The one place that says which pay is beyond every check. The books hold it apart: pay that checks may still take back stands on the side `pending` of its
 * job, and so does the reserve of its device, the last payments that are beyond their window; it is posted over to `earned` as newer pay pushes it out. An epoch takes from `earned` alone.
 */

/** Of a device's pay that no epoch took: what checks may still take back, what of that is a reserve, and what is vested. `paidMicro` is all it was ever paid. */
export type Standing = { paidMicro: Micro; pendingMicro: Micro; reservedMicro: Micro; verifiedMicro: Micro; unfolded: number };

/** Where a device's pay stands. */
export async function getStanding(reader: Reader, deviceId: DeviceId): Promise<Standing> {
  const [{ pendingMicro, vestedMicro, paidMicro, unfolded }, reservedMicro] = await Promise.all([sumDevice(reader, deviceId), sumReserved(reader, deviceId)]);
  return { paidMicro, pendingMicro, reservedMicro, verifiedMicro: vestedMicro, unfolded };
}
