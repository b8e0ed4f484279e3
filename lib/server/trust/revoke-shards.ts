import "server-only";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { recommit } from "../exchange/granting/cursor-store.ts";
import { insertWanted, type NewWanted } from "../exchange/granting/wanted-store.ts";
import { lockJob } from "../exchange/job-lock.ts";
import { getRules, type JobFacts } from "../exchange/job-snapshot.ts";
import { tallyGrants } from "../exchange/reporting/tally-grants.ts";
import { setJobState } from "../jobs/job-state-store.ts";
import { forfeitPay } from "../ledger/forfeit-pay.ts";
import { tellOfCorrection } from "../notices/tell-of-job.ts";
import { takeBackReduced } from "../reduction/reduction-store.ts";
import { addToCounters, NO_CHANGE } from "../shards/shard-store.ts";
import { countIntoWindows } from "./hold-store.ts";
import {
  forfeitRounds,
  listTruthful,
  markApplied,
  moveToNextRound,
  type Revoked,
  type RevokeReason,
  revokeVerdicts,
  type ShardRound,
  type Truth,
  type TruthfulResult,
} from "./revoke-store.ts";

/** What is taken back, and for each shard the trusted device whose answer stands against it, if there is one. */
export type Revocation = { reason: RevokeReason; shards: readonly (ShardRound & { byDevice: string | null })[] };

/**
 * Takes provisional results of a job back: their pay is forfeited, and each shard gets another verdict, at once from the answer that refuted it, or from
 * replicas that go before everything else. Final results and those of another round stay. Returns how many were taken back. Repeating it changes nothing.
 */
export async function revokeShards(services: Services, facts: JobFacts, revocation: Revocation): Promise<number> {
  const { jobId } = facts;
  const { revoked, answered } = await transaction(services.db, async (tx) => {
    // No tally runs meanwhile that would judge by the old verdict.
    await lockJob(tx, jobId);
    const at = services.clock.now();
    const { state } = await getRules(tx, facts);
    const { assurance } = facts.spec.verification;
    const taken = isOpen(state) ? await revokeVerdicts(tx, jobId, { assurance, at, reason: revocation.reason, shards: revocation.shards }) : [];
    await markApplied(tx, jobId, revocation.shards, at);
    if (taken.length === 0) return { revoked: 0, answered: [] };
    await forfeitPay(tx, facts, await forfeitRounds(tx, jobId, taken));
    await takeOut(tx, facts, taken);
    await tellOfCorrection(tx, jobId, { shards: taken.length, at });
    if (facts.spec.reducer.kind === "wasi") await takeBackReduced(tx, jobId, Math.min(...taken.map(({ no }) => no)));
    const truths = revocation.shards.flatMap(({ no, round, byDevice }) =>
      byDevice !== null && taken.some((t) => t.no === no && t.round === round) ? [{ no, round, byDevice }] : [],
    );
    const moved = await answer(tx, jobId, { truths, at });
    const unanswered = taken.filter(({ no }) => !moved.some((result) => result.no === no));
    await insertWanted(
      tx,
      jobId,
      unanswered.flatMap((shard) => wantsAgain(shard, { quorum: facts.spec.verification.quorum, at })),
    );
    if (unanswered.length > 0) await setJobState(tx, jobId, { state: "running", from: ["computed"] });
    return { revoked: taken.length, answered: [...new Set(moved.map(({ grantId }) => grantId))].map((id) => idOf("grt", id)) };
  });
  if (answered.length > 0) await tallyGrants(services, facts, answered);
  return revoked;
}

/** Lets the answers that stood against the verdicts vote in the new rounds, if the budget still covers their pay. Returns them; their grants wait for a tally. */
async function answer(tx: Tx, jobId: JobId, { truths, at }: { truths: readonly Truth[]; at: Date }): Promise<TruthfulResult[]> {
  const results = truths.length > 0 ? await listTruthful(tx, jobId, truths) : [];
  if (results.length === 0 || !(await recommit(tx, jobId, results.length))) return [];
  await moveToNextRound(tx, jobId, results, at);
  // They are judged again, and then counted again.
  await addToCounters(tx, jobId, { ...NO_CHANGE, spread: 0, replicas: -results.length, wrong: -results.length });
  return results;
}

/** What the counters and windows held of shards that were taken back. */
async function takeOut(tx: Tx, facts: JobFacts, taken: readonly Revoked[]): Promise<void> {
  const accepted = taken.filter((shard) => shard.verdict === "accepted").length;
  const outputBytes = taken.reduce((sum, shard) => sum + shard.outputBytes, 0);
  const change = { accepted: -accepted, failed: accepted - taken.length, held: -taken.length, revoked: taken.length, outputBytes: -outputBytes };
  await addToCounters(tx, facts.jobId, { ...NO_CHANGE, ...change, spread: 0 });
  const held = Map.groupBy(
    taken.filter((shard) => shard.wasHeld),
    (shard) => shard.windowNo,
  );
  const { assurance } = facts.spec.verification;
  await countIntoWindows(tx, { jobId: facts.jobId, assurance }, new Map([...held].map(([windowNo, shards]) => [windowNo, -shards.length])));
}

function wantsAgain(shard: ShardRound, by: { quorum: number; at: Date }): NewWanted[] {
  return Array.from({ length: by.quorum }, (_, i) => ({
    fromNo: shard.no,
    toNo: shard.no + 1,
    round: shard.round + 1,
    kind: "again",
    lane: "any",
    ordinal: String(i),
    attempt: 0,
    excluded: [],
    excludedUntil: by.at,
    createdAt: by.at,
  }));
}
