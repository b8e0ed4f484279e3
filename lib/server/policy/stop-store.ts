import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";

/** The emergency stop that is in force, or null. */
export async function findStop(reader: Reader): Promise<{ reason: string; stoppedAt: Date } | null> {
  const [row] = await reader<{ reason: string; stoppedAt: Date }[]>`select reason, stopped_at as "stoppedAt" from instance_stops where resumed_at is null`;
  return row ?? null;
}

/** Stops everything; an instance that is stopped keeps its first reason. */
export async function insertStop(tx: Tx, stop: { reason: string; by: AccountId; at: Date }): Promise<void> {
  await tx`insert into instance_stops (reason, stopped_by, stopped_at) values (${stop.reason}, ${uuidOf(stop.by)}, ${stop.at}) on conflict do nothing`;
}

export async function endStop(tx: Tx, at: Date): Promise<void> {
  await tx`update instance_stops set resumed_at = ${at} where resumed_at is null`;
}
