import "server-only";
import { REPEATING_KINDS } from "#lib/domain/dispatch/lanes.ts";
import { lengthOf, numbersIn, rangesOf, without } from "#lib/domain/dispatch/ranges.ts";
import type { JobId } from "#lib/domain/ids.ts";
import type { Tx } from "../../db/client.ts";
import { addToCounters, insertVerdicts, listDecided, type NewVerdict, NO_CHANGE } from "../../shards/shard-store.ts";
import { listReportedNos } from "../reporting/result-store.ts";
import { releaseCommitted } from "./cursor-store.ts";
import type { Grant } from "./grant-store.ts";
import { insertWanted, type NewWanted } from "./wanted-store.ts";

/** A shard lost silently this often in a row takes devices down with it; it fails rather than going round for ever. */
const LOSSES_MAX = 6;

export type Loss = {
  jobId: JobId;
  grants: readonly (Grant & { voterId: string })[];
  at: Date;
  independentWaitMs: number /** Whether the loss counts against the shards: silence does, handing back does not. */;
  isSilent: boolean;
};

/**
 * Puts what ended grants of one job did not report back on offer, oldest first, to others before their last holder, and releases its cost. Shards lost
 * LOSSES_MAX times fail. Returns how many shards failed by it.
 */
export async function loseGrants(tx: Tx, loss: Loss): Promise<number> {
  const { jobId, grants } = loss;
  if (grants.length === 0) return 0;
  const reported = await listReportedNos(tx, jobId, grants);
  const lost = grants.flatMap((grant) =>
    without(grant, rangesOf(reported.get(grant.id) ?? [])).map((range) => ({ range, grant, attempt: grant.attempt + (loss.isSilent ? 1 : 0) })),
  );
  const excludedUntil = new Date(loss.at.getTime() + loss.independentWaitMs);
  const wants = lost
    .filter((part) => part.attempt < LOSSES_MAX || isRepeating(part.grant))
    .map(
      ({ range, grant, attempt }): NewWanted => ({
        ...range,
        round: grant.round,
        kind: grant.wantedKind !== null && (isRepeating(grant) || grant.wantedKind === "again") ? grant.wantedKind : "lost",
        lane: grant.lane,
        ordinal: grant.id,
        attempt,
        excluded: [grant.voterId],
        excludedUntil,
        createdAt: loss.at,
      }),
    );
  await insertWanted(tx, jobId, wants);
  const replicas = lost.reduce((sum, part) => sum + lengthOf(part.range), 0);
  if (replicas > 0) await releaseCommitted(tx, jobId, replicas);
  const hopeless = lost
    .filter((part) => part.attempt >= LOSSES_MAX && !isRepeating(part.grant))
    .flatMap((part) => numbersIn(part.range).map((no) => ({ no, round: part.grant.round })));
  return hopeless.length > 0 ? await giveUp(tx, loss, hopeless) : 0;
}

/** A shard that has a verdict does not fail because its repetition is lost. */
function isRepeating({ wantedKind }: Pick<Grant, "wantedKind">): boolean {
  return REPEATING_KINDS.some((kind) => kind === wantedKind);
}

async function giveUp(tx: Tx, loss: Loss, hopeless: readonly { no: number; round: number }[]): Promise<number> {
  const rounds = new Map(hopeless.map(({ no, round }) => [no, round]));
  const shards = await listDecided(tx, loss.jobId, [...rounds.keys()]);
  const decided = new Set(shards.filter((shard) => shard.verdict !== "open" || shard.round !== rounds.get(shard.no)).map((shard) => shard.no));
  const verdicts: NewVerdict[] = [...rounds]
    .filter(([no]) => !decided.has(no))
    .map(([no, round]) => ({ no, round, windowNo: null, verdict: "failed", reason: "shard_lost", outcome: null, digest: null, voterId: null }));
  if (verdicts.length === 0) return 0;
  const won = await insertVerdicts(tx, loss.jobId, { at: loss.at, verdicts });
  if (won.length > 0) await addToCounters(tx, loss.jobId, { ...NO_CHANGE, spread: 0, failed: won.length });
  return won.length;
}
