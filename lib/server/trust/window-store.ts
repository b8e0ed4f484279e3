import "server-only";
import { randomBytes } from "node:crypto";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Flood } from "#lib/domain/trust/flood.ts";
import type { Reader, Tx } from "../db/client.ts";

export type TrustWindow = {
  no: number;
  openedAt: Date;
  endedAt: Date | null;
  closedAt: Date | null;
  results: number;
  secret: Uint8Array;
};

/** The last windows of a class, the newest first. */
export async function listWindows(reader: Reader, assurance: AssuranceClass, limit: number): Promise<TrustWindow[]> {
  return await reader<TrustWindow[]>`
    select no, opened_at as "openedAt", ended_at as "endedAt", closed_at as "closedAt", results, secret from trust_windows
    where assurance = ${assurance} order by no desc limit ${limit}`;
}

export type ClassState = {
  openWindowNo: number;
  closedWindowNo: number;
  boosts: number[];
  boostAll: number;
  flood: Flood;
};

type ClassRow = Omit<ClassState, "flood"> & { wrongShare: number; isOn: boolean };

/** Where a class stands, locked until the transaction ends; its first window is opened with it. */
export async function lockClass(tx: Tx, assurance: AssuranceClass, at: Date): Promise<ClassState> {
  await tx`insert into trust_classes (assurance) values (${assurance}) on conflict do nothing`;
  const [row] = await tx<ClassRow[]>`
    select open_window_no as "openWindowNo", closed_window_no as "closedWindowNo", boosts, boost_all as "boostAll", flood_wrong_share as "wrongShare", is_flooded as "isOn"
    from trust_classes where assurance = ${assurance} for update`;
  if (!row) throw new Error(`class ${assurance} has no row`);
  await openWindow(tx, { assurance, no: row.openWindowNo, at });
  const { wrongShare, isOn, ...state } = row;
  return { ...state, flood: { wrongShare, isOn } };
}

/** Opens a window with a secret of its own; one that is open stays. */
export async function openWindow(tx: Tx, window: { assurance: AssuranceClass; no: number; at: Date }): Promise<void> {
  await tx`
    insert into trust_windows (assurance, no, opened_at, secret) values (${window.assurance}, ${window.no}, ${window.at}, ${randomBytes(32)}) on conflict do nothing`;
}

/** The secrets of windows, by their numbers. */
export async function listSecrets(reader: Reader, assurance: AssuranceClass, nos: readonly number[]): Promise<Map<number, Uint8Array>> {
  const rows = await reader<
    { no: number; secret: Uint8Array }[]
  >`select no, secret from trust_windows where assurance = ${assurance} and no = any(${[...nos]}::int[])`;
  return new Map(rows.map((row) => [row.no, row.secret]));
}

/** Keeps the flood's average. */
export async function saveFlood(tx: Tx, assurance: AssuranceClass, flood: Flood): Promise<void> {
  await tx`update trust_classes set flood_wrong_share = ${flood.wrongShare}, is_flooded = ${flood.isOn} where assurance = ${assurance}`;
}
