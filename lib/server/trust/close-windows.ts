import "server-only";
import { ASSURANCE, ASSURANCE_CLASSES, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { nextBoost, STRATA_COUNT } from "#lib/domain/trust/check-rate.ts";
import { type ClosingStratum, decideCloseStep, estimateHidden, isAlarming } from "#lib/domain/trust/hidden-errors.ts";
import { mayEndWindow, mustWaitForChecks } from "#lib/domain/trust/hold.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import {
  type ClosingWindow,
  carryOver,
  closeWindow,
  countStrata,
  endWindow,
  findClosing,
  findOpen,
  forgetEnded,
  hasJusticeDue,
  listDetections,
  listOutstandingChecks,
  sweepStratum,
} from "./closing-store.ts";
import { hasUnfoldedBefore } from "./fold-store.ts";
import { type ClassState, lockClass } from "./window-store.ts";

const HELD_CLASSES = ASSURANCE_CLASSES.filter((assurance) => ASSURANCE[assurance].hasHold);

type Moved = { ended: number; swept: number; closed: number };

/**
 * Ends windows that are full or old, and closes the one before last of each class once few enough wrong results are estimated to be hidden in it: until then
 * its most suspicious stratum is checked at twice the rate. One step for each class and call. The class's row is locked, so that any number may run at once.
 */
export async function closeWindows(services: Services): Promise<Moved> {
  const moved: Moved = { ended: 0, swept: 0, closed: 0 };
  for (const assurance of HELD_CLASSES) {
    const step = await transaction(services.db, async (tx) => {
      const at = services.clock.now();
      const [known] = await tx`select 1 from trust_classes where assurance = ${assurance}`;
      if (!known) return null;
      const state = await lockClass(tx, assurance, at);
      const open = await findOpen(tx, assurance, state.openWindowNo);
      const mayEnd = open !== null && mayEndWindow({ openedAt: open.openedAt.getTime(), results: open.results }, services.config.hold, at.getTime());
      if (mayEnd) await endWindow(tx, assurance, { no: state.openWindowNo, at });
      const now: ClassState = mayEnd ? { ...state, openWindowNo: state.openWindowNo + 1 } : state;
      return { ended: mayEnd ? 1 : 0, ...(await tryToClose(tx, services, { assurance, state: now, at })) };
    });
    for (const key of ["ended", "swept", "closed"] as const) moved[key] += step?.[key] ?? 0;
  }
  return moved;
}

type Closing = { assurance: AssuranceClass; state: ClassState; at: Date };
const NOTHING = { swept: 0, closed: 0 };

async function tryToClose(tx: Tx, services: Services, { assurance, state, at }: Closing): Promise<Omit<Moved, "ended">> {
  const window = await findClosing(tx, assurance, state.closedWindowNo);
  // Everything that was reported while it took results, or was meant for it, has to be known first.
  if (!window || (await hasUnfoldedBefore(tx, window.nextEndedAt)) || (await hasJusticeDue(tx, assurance))) return NOTHING;
  await forgetEnded(tx, assurance, window.no);
  const { results, drawn } = await countStrata(tx, assurance, window.no);
  if (drawn > 0) {
    if (!isTooLate(window, at, services.config.hold.windowMsMax)) return NOTHING;
    const late = await listOutstandingChecks(tx, assurance, window.no);
    const wholly = late.filter(mustWaitForChecks).map(({ jobId }) => jobId);
    await carryOver(tx, assurance, { from: window.no, to: state.openWindowNo, wholly, at });
    return NOTHING;
  }
  const rules = ASSURANCE[assurance];
  const detections = await listDetections(tx, assurance, window.no);
  const strata = results.map((count, i): ClosingStratum => ({ results: count, sweptRate: window.sweptRates[i] ?? 0 }));
  const step = decideCloseStep(strata, detections, rules);
  if (step.kind === "sweep") {
    const sweptRates = strata.map((stratum, i) => (i === step.stratum ? step.rate : stratum.sweptRate));
    return { swept: 1 + (await sweepStratum(tx, assurance, { no: window.no, stratum: step.stratum, rate: step.rate, sweptRates, at })), closed: 0 };
  }
  const unswept = results.map((count) => ({ results: count, sweptRate: 0 }));
  const wasAlarming = isAlarming(estimateHidden(detections, unswept), unswept, rules);
  const boosts = Array.from({ length: STRATA_COUNT }, (_, i) => nextBoost(state.boosts[i] ?? 1, (strata[i]?.sweptRate ?? 0) > 0, rules.boostMax));
  await closeWindow(tx, assurance, { no: window.no, at, boosts, boostAll: nextBoost(state.boostAll, wasAlarming, rules.boostAllMax) });
  return { swept: 0, closed: 1 };
}

/** Whether checks of a window had as much time as a window may take, since they were drawn. */
function isTooLate({ nextEndedAt, sweptAt }: ClosingWindow, at: Date, graceMs: number): boolean {
  return at.getTime() - Math.max(nextEndedAt.getTime(), sweptAt?.getTime() ?? 0) >= graceMs;
}
