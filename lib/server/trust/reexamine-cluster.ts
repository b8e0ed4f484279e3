import "server-only";
import { chooseCheckerKind } from "#lib/domain/trust/check.ts";
import { redrawRate } from "#lib/domain/trust/check-rate.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { insertWanted, type NewWanted } from "../exchange/granting/wanted-store.ts";
import { countAccused, type FoundDevice, listUncheckedOfCluster, redraw } from "./justice-store.ts";

/** Of the biggest clusters, a carrier's network for one, no more are drawn at once: one device that was found out must not make an instance compute everything again. */
const REDRAWN_MAX = 5000;

/**
 * Looks at the others of a cluster one of whose devices was found out: of what they have on hold and nobody checked, a part or all is drawn for a check, by the lots that
 * the results already have. Costs them nothing unless they are found wrong themselves. Returns how many were drawn; repeating it draws those that came since.
 */
export async function reexamineCluster({ db, clock }: Services, found: FoundDevice): Promise<number> {
  const rate = redrawRate({ stage: found.stage, othersAccused: await countAccused(db, found) });
  const unchecked = await listUncheckedOfCluster(db, found, { rate, limit: REDRAWN_MAX });
  let drawn = 0;
  for (const [jobId, shards] of Map.groupBy(unchecked, (hold) => hold.jobId)) {
    drawn += await transaction(db, async (tx) => {
      const at = clock.now();
      const redrawn = await redraw(tx, jobId, shards, rate);
      const wants = redrawn.map(({ no, round }): NewWanted => {
        const lane = chooseCheckerKind(Math.random());
        return { fromNo: no, toNo: no + 1, round, kind: "check", lane, ordinal: "cluster", attempt: 0, excluded: [], excludedUntil: at, createdAt: at };
      });
      await insertWanted(tx, jobId, wants);
      return redrawn.length;
    });
  }
  return drawn;
}
