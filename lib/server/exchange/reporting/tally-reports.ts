import "server-only";
import type { DigestDistance } from "#lib/domain/compare/choose-medoid.ts";
import type { GrantId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { isVotingOutcome } from "#lib/domain/replica/outcome.ts";
import { decideVerdict, type Evidence, type Verdict } from "#lib/domain/verdict/decide-verdict.ts";
import { decideVerified, type Verified } from "#lib/domain/verdict/decide-verified.ts";
import type { Services } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { last, transaction } from "../../db/transaction.ts";
import { insertVerifications, readVerified } from "../../errands/errand-store.ts";
import type { DecidedShard, NewVerdict } from "../../shards/shard-store.ts";
import { releaseCommitted } from "../granting/cursor-store.ts";
import { markTallied } from "../granting/grant-store.ts";
import { insertWanted, type NewWanted } from "../granting/wanted-store.ts";
import { shareLock } from "../job-lock.ts";
import type { JobRules } from "./check-report.ts";
import { measureDistances } from "./measure-distances.ts";
import { type ReportedResult, readEvidence } from "./result-store.ts";
import { type Judgement, judgeDissent, settleDecided } from "./settle-store.ts";

export type Tally = { accepted: number; failed: number };
type Decision = {
  verdicts: NewVerdict[];
  judgements: Judgement[];
  /** Those of the judgements with which a vote does not agree. */
  dissented: Judgement[];
  wants: NewWanted[];
  toVerify: { no: number; round: number; digest: string }[];
};

/** What is tallied; `spread` chooses the stripe of the counters. */
export type ToTally = { nos: readonly number[]; grantIds: readonly GrantId[]; spread: number };

/**
 * The second transaction of an exchange, for one job: decides the reported numbers from everything committed about them, settles what was decided,
 * asks for further replicas where needed, and clears the grants' marks. Its snapshot is younger than the first transaction of every exchange that
 * reported before, so the later of two reporters always sees both. Running it again changes nothing.
 */
export async function tallyReports(services: Services, rules: JobRules, tally: ToTally): Promise<Tally> {
  return await finishTally(services, rules, await transaction<Settled>(services.db, async (tx) => await tallyIn(tx, services, { rules, tally })));
}

/** Gives back what wrong results will not cost. */
export async function finishTally(services: Services, { jobId }: JobRules, { won, unpaid }: Settled): Promise<Tally> {
  if (unpaid > 0) await releaseCommitted(services.db, jobId, unpaid);
  return won;
}

/** The body of that transaction. `recorded`, where it is given, is waited for after reading and before writing. */
export async function tallyIn(
  tx: Tx,
  services: Services,
  of: { rules: JobRules; tally: ToTally; recorded?: Promise<unknown> },
): Promise<ReturnType<typeof last<Settled>>> {
  const { rules, tally } = of;
  const { jobId } = rules;
  const nos = [...new Set(tally.nos)].sort((a, b) => a - b);
  const at = services.clock.now();
  // Sent together, run in order: what is read is younger than the lock.
  const [, { job, results, shards }] = await Promise.all([shareLock(tx, jobId), readEvidence(tx, jobId, nos)]);
  await of.recorded;
  const { compare, verifier } = rules.verification;
  const distances = compare && compare.kind !== "exact" ? await measureDistances(tx, services.blobs, { rule: compare, jobId, nos, results, shards }) : null;
  const verified = verifier ? await readVerified(tx, jobId, nos) : null;
  const isSettling = job !== null && (isOpen(job.state) || job.state === "final");
  if (!isSettling) {
    return last(async () => {
      await markTallied(tx, jobId, tally.grantIds, at);
      return NOTHING;
    });
  }
  const { grantIds, spread } = tally;
  return decideAndSettle(tx, rules, { nos, grantIds, results, shards, distances, verified, at, spread, vestedWindowNo: job.vestedWindowNo });
}

export type Settled = { won: Tally; unpaid: number };
const NOTHING: Settled = { won: { accepted: 0, failed: 0 }, unpaid: 0 };

function decideAndSettle(
  tx: Tx,
  rules: JobRules,
  tally: {
    nos: number[];
    grantIds: readonly GrantId[];
    results: ReportedResult[];
    shards: DecidedShard[];
    distances: ReadonlyMap<number, DigestDistance> | null;
    verified: ReadVerified | null;
    at: Date;
    spread: number;
    vestedWindowNo: number;
  },
): ReturnType<typeof last<Settled>> {
  const { jobId } = rules;
  const { at, spread } = tally;
  const { verdicts, judgements, wants, toVerify, dissented } = decide(rules, tally);
  return last(async () => {
    const [won, unpaid] = await Promise.all([
      verdicts.length + judgements.length > 0 ? settleDecided(tx, { job: rules, at, verdicts, judgements, spread }) : NOTHING.won,
      dissented.length > 0 ? judgeDissent(tx, jobId, { judgements: dissented, keepsOutputs: rules.windowNo !== null, spread }) : 0,
      insertWanted(tx, jobId, wants),
      insertVerifications(tx, jobId, toVerify, at),
      markTallied(tx, jobId, tally.grantIds, at),
    ]);
    return { won, unpaid };
  });
}

type ReadVerified = Awaited<ReturnType<typeof readVerified>>;

type Facts = {
  nos: number[];
  results: ReportedResult[];
  shards: DecidedShard[];
  distances: ReadonlyMap<number, DigestDistance> | null;
  verified: ReadVerified | null;
  at: Date;
  vestedWindowNo: number;
};

function decide(rules: JobRules, tally: Facts): Decision {
  const decided = new Map(tally.shards.map((shard) => [shard.no, shard]));
  const byNo = Map.groupBy(tally.results, (result) => result.no);
  const decision: Decision = { verdicts: [], judgements: [], dissented: [], wants: [], toVerify: [] };
  for (const no of tally.nos) {
    const reported = byNo.get(no) ?? [];
    const shard = decided.get(no);
    const round = shard?.round ?? 0;
    const distance = tally.distances?.get(no);
    const agreeing = (outcome: string, digest: string) => (outcome === "ok" && distance ? closeTo(digest, reported, distance) : [digest]);
    if (!shard || shard.verdict === "open") {
      const { verdict, toVerify } = decideShard(rules, reported, { distance, round, verified: tally.verified?.(no, round) ?? null });
      decision.toVerify.push(...toVerify.map((digest) => ({ no, round, digest })));
      addVerdict(decision, { no, round, windowNo: rules.windowNo }, { verdict, agreeing, at: tally.at });
    } else if (shard.outcome !== null && shard.digest !== null && reported.some((r) => !r.isJudged && isVotingOutcome(r.outcome))) {
      const isVested = shard.windowNo === null || shard.windowNo <= tally.vestedWindowNo;
      decision.judgements.push({ no, round, isVested, outcome: shard.outcome, digests: agreeing(shard.outcome, shard.digest) });
    }
  }
  // A vote that comes after this reading finds the verdict, and is judged by who reports it.
  decision.dissented = decision.judgements.filter(({ no, outcome, digests }) =>
    byNo.get(no)?.some((r) => !r.isJudged && isVotingOutcome(r.outcome) && (r.outcome !== outcome || !digests.includes(r.digest))),
  );
  return decision;
}

/** With a verifier its word decides, without one the agreement of replicas. */
function decideShard(
  rules: JobRules,
  reported: readonly ReportedResult[],
  by: { distance: DigestDistance | undefined; round: number; verified: Verified | null },
): { verdict: Verdict; toVerify: string[] } {
  const evidence = evidenceOf(reported);
  if (by.verified) return decideVerified(evidence, by.verified, rules.verification);
  return { verdict: decideVerdict(evidence, { ...rules.verification, distance: by.distance, hasPasses: by.round === 0 }), toVerify: [] };
}

function evidenceOf(reported: readonly ReportedResult[]): Evidence {
  const evidence = { votes: [] as Evidence["votes"][number][], machineFailures: [] as Evidence["machineFailures"][number][] };
  for (const { voterId, outcome, digest } of reported) {
    if (isVotingOutcome(outcome)) evidence.votes.push({ voterId, outcome, digest });
    else evidence.machineFailures.push({ voterId, outcome });
  }
  return evidence;
}

/** Digests of the reported outputs that are close to the accepted one, itself among them. */
function closeTo(digest: string, reported: readonly ReportedResult[], distance: DigestDistance): string[] {
  const close = reported.filter((result) => result.outcome === "ok" && distance(result.digest, digest) <= 1);
  return [...new Set([digest, ...close.map((result) => result.digest)])];
}

type Found = { verdict: Verdict; agreeing(outcome: string, digest: string): string[]; at: Date };

function addVerdict(decision: Decision, shard: { no: number; round: number; windowNo: number | null }, found: Found): void {
  const { verdict, agreeing, at } = found;
  const { no, round, windowNo } = shard;
  if (verdict.kind === "open") {
    for (let ordinal = 1; ordinal <= verdict.extraReplicas; ordinal++) {
      decision.wants.push({
        fromNo: no,
        toNo: no + 1,
        round,
        kind: "opinion",
        lane: "any",
        ordinal: String(ordinal),
        attempt: 0,
        excluded: [],
        excludedUntil: at,
        createdAt: at,
      });
    }
    return;
  }
  if ("digest" in verdict) {
    const { outcome, digest, voterId } = verdict;
    const isAccepted = verdict.kind === "accepted";
    decision.verdicts.push({
      ...shard,
      verdict: verdict.kind,
      reason: isAccepted ? null : verdict.reason,
      outcome,
      digest,
      voterId: isAccepted ? voterId : null,
    });
    decision.judgements.push({ no, round, isVested: windowNo === null, outcome, digests: agreeing(outcome, digest) });
    return;
  }
  // Nobody can be found wrong about it, so there is nothing to hold.
  decision.verdicts.push({
    no,
    round,
    windowNo: null,
    verdict: "failed",
    reason: verdict.reason,
    outcome: "outcome" in verdict ? verdict.outcome : null,
    digest: null,
    voterId: null,
  });
}
