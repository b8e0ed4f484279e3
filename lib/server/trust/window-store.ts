import "server-only";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Reader } from "../db/client.ts";

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
