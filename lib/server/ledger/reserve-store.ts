import "server-only";
import { type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { ReservedPay } from "#lib/domain/trust/roll-reserve.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Whoever moves reserves does so alone: windows of two jobs may vest pay of one device at once. Taken after the lock of a job, never before. */
export async function lockReserves(tx: Tx): Promise<void> {
  await tx`select pg_advisory_xact_lock(hashtextextended('reserves', 0))`;
}

type Row = { device_id: string; job_id: string; payments: number; price_micro: bigint };

/** What these devices have in reserve, the oldest first. */
export async function listReserved(reader: Reader, deviceIds: readonly DeviceId[]): Promise<Map<DeviceId, ReservedPay<JobId>[]>> {
  const rows = await reader<Row[]>`
    select device_id, job_id, payments, price_micro from reserved_pay where device_id = any(${deviceIds.map(uuidOf)}::uuid[]) order by device_id, seq`;
  const byDevice = Map.groupBy(rows, (row) => idOf("dev", row.device_id));
  return new Map(
    [...byDevice].map(([deviceId, of]) => [
      deviceId,
      of.map((row) => ({ jobId: idOf("job", row.job_id), payments: row.payments, priceMicro: row.price_micro })),
    ]),
  );
}

/** Replaces what these devices have in reserve. */
export async function saveReserved(tx: Tx, reserves: ReadonlyMap<DeviceId, readonly ReservedPay<JobId>[]>): Promise<void> {
  await tx`delete from reserved_pay where device_id = any(${[...reserves.keys()].map(uuidOf)}::uuid[])`;
  const rows = [...reserves].flatMap(([deviceId, pays]) => pays.map((pay) => ({ deviceId, ...pay })));
  // The identity numbers rows in the order in which they come.
  await tx`
    insert into reserved_pay (device_id, job_id, payments, price_micro)
    select device_id, job_id, payments, price from unnest(${rows.map((row) => uuidOf(row.deviceId))}::uuid[], ${rows.map((row) => uuidOf(row.jobId))}::uuid[],
      ${rows.map((row) => row.payments)}::int[], ${rows.map((row) => String(row.priceMicro))}::bigint[]) with ordinality as r (device_id, job_id, payments, price, no) order by no`;
}

/** Takes what a device has in reserve of a job out of it; how many payments. */
export async function takeReserved(tx: Tx, jobId: JobId, deviceId: DeviceId): Promise<number> {
  const rows = await tx<{ payments: number }[]>`
    delete from reserved_pay where job_id = ${uuidOf(jobId)} and device_id = ${uuidOf(deviceId)} returning payments`;
  return rows.reduce((sum, { payments }) => sum + payments, 0);
}

/** How much of a device's pending pay is a reserve. */
export async function sumReserved(reader: Reader, deviceId: DeviceId): Promise<Micro> {
  const [row] = await reader<{ sum: bigint }[]>`
    select coalesce(sum(payments * price_micro), 0)::bigint as sum from reserved_pay where device_id = ${uuidOf(deviceId)}`;
  return row?.sum ?? 0n;
}

/** Devices that were closed before `closedBefore`, of whom nothing is on hold, nobody has anything to settle, and a reserve is left. */
export async function listReleasable(reader: Reader, closedBefore: Date): Promise<DeviceId[]> {
  const rows = await reader<{ id: string }[]>`
    select d.id from devices d where d.closed_at <= ${closedBefore} and exists (select 1 from reserved_pay r where r.device_id = d.id)
      and not exists (select 1 from holds h where h.device_id = d.id)
      and not exists (select 1 from device_trust t where t.device_id = d.id and t.justice_due_at is not null)
    order by d.id limit 200`;
  return rows.map((row) => idOf("dev", row.id));
}
