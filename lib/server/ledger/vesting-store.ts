import "server-only";
import { type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import { least, type Micro } from "#lib/domain/ledger/money.ts";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { sumDevice } from "./posting-sum-store.ts";

/** From when on pay counts as revocable; null where nothing is. */
function heldSince({ clock, config }: Pick<Services, "clock" | "config">): Date | null {
  return config.vestingHoldMs > 0 ? new Date(clock.now().getTime() - config.vestingHoldMs) : null;
}

/** Of a device's earnings that no epoch took: what checks may still take back, what of that is a reserve, and what is vested. */
export type Standing = { earnedMicro: Micro; pendingMicro: Micro; reservedMicro: Micro; verifiedMicro: Micro; unfolded: number };

export async function getStanding(reader: Reader, services: Pick<Services, "clock" | "config">, deviceId: DeviceId): Promise<Standing> {
  const { balanceMicro, earnedMicro, unfolded } = await sumDevice(reader, deviceId);
  const since = heldSince(services);
  const held = since ? await sumPaidSince(reader, deviceId, since) : 0n;
  const pendingMicro = least(held, balanceMicro);
  return { earnedMicro, pendingMicro, reservedMicro: 0n, verifiedMicro: balanceMicro - pendingMicro, unfolded };
}

async function sumPaidSince(reader: Reader, deviceId: DeviceId, since: Date): Promise<Micro> {
  const [row] = await reader<{ amount: bigint }[]>`
    select coalesce(sum(amount_micro), 0)::bigint as amount from job_postings where device_id = ${uuidOf(deviceId)} and created_at > ${since} and amount_micro > 0`;
  return row?.amount ?? 0n;
}
