import "server-only";
import { nameEnd } from "#lib/domain/errand/errand.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import type { FoldScope } from "../jobs/results/fold-result.ts";
import { findFirstProvisional, findReduced, findReduction, type Reduced } from "./reduction-store.ts";

/** What the owner's reducer has made of the job's shards, or of those that are final. Throws `reducer_failed` where it did, `result_not_reduced` before it has run. */
export async function getReduced({ db }: Pick<Services, "db">, jobId: JobId, scope: FoldScope): Promise<Reduced> {
  const failure = (await findReduction(db, jobId))?.failure;
  if (failure) throw new ApiError("reducer_failed", { outcome: nameEnd(failure), from: failure.fromNo, to: failure.toNo - 1 });
  const toNoMax = scope.finalBefore === null ? null : await findFirstProvisional(db, jobId, scope.closedWindowNo);
  const reduced = await findReduced(db, jobId, toNoMax);
  if (reduced.shards === 0) throw new ApiError("result_not_reduced");
  return reduced;
}
