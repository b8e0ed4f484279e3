import "server-only";
import type { Services } from "../context.ts";
import { endByHealth } from "../exchange/end-if-done.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { closeWindows } from "./close-windows.ts";
import { doJustice } from "./do-justice.ts";
import { examineAuditors } from "./examine-auditors.ts";
import { foldSettled } from "./fold-settled.ts";
import { fundReverification, vestPay } from "./vest-pay.ts";
import { listComputed } from "./vest-store.ts";

/** One turn may not fold for ever; what is left waits for the next. */
const FOLDS_MAX = 50;

export type TrustTurn = { folded: number; auditors: number; revoked: number; devices: number; ended: number; swept: number; closed: number; vested: number };

/**
 * One turn of trust: folds what was judged, looks whether trusted devices are to be believed, draws the consequences of what was found wrong, ends and closes windows, vests the pay of closed ones, gives jobs that ran short what was forfeited in them, and ends jobs
 * whose results are all final. Each step is safe to repeat, and safe to run in several processes.
 */
export async function runTrust(services: Services): Promise<TrustTurn> {
  const snapshot = new JobSnapshot(services);
  let folded = 0;
  for (let i = 0; i < FOLDS_MAX; i++) {
    const now = await foldSettled(services, snapshot);
    folded += now;
    if (now === 0) break;
  }
  const auditors = await examineAuditors(services, snapshot);
  const { revoked, devices } = await doJustice(services, snapshot);
  const windows = await closeWindows(services);
  const vested = await vestPay(services, snapshot);
  await fundReverification(services);
  for (const facts of (await snapshot.facts(await listComputed(services.db))).values()) await endByHealth(services, facts);
  return { folded, auditors, revoked, devices, ...windows, vested };
}
