import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { Fragment, Reader, Tx } from "../db/client.ts";

export type DecidedShard = {
  no: number;
  round: number;
  /** `open` is a revoked shard without a verdict in its present round. */
  verdict: "accepted" | "failed" | "open";
  windowNo: number | null;
  outcome: Outcome | null;
  digest: string | null;
};

/** The named shards that have or had a verdict. */
export async function listDecided(tx: Reader, jobId: JobId, nos: readonly number[]): Promise<DecidedShard[]> {
  return await tx<DecidedShard[]>`
    select no, round, verdict, window_no as "windowNo", outcome, encode(digest, 'hex') as digest from shards where job_id = ${uuidOf(jobId)} and no = any(${[...nos]}::int[])`;
}

export type NewVerdict = {
  no: number;
  round: number;
  /** The window that has to close before it is final; null where it is final at once. */
  windowNo: number | null;
  verdict: "accepted" | "failed";
  reason: string | null;
  outcome: Outcome | null;
  digest: string | null;
  /** Whose output becomes the canonical one. */
  voterId: string | null;
};
export type WonVerdict = { no: number; verdict: "accepted" | "failed"; windowNo: number | null; outputBytes: number };

/**
 * Inserts verdicts, taking the canonical output from the named voter's result. The primary key lets exactly one of several
 * deciding exchanges win, and a revoked shard takes one verdict in its present round; returns what this one won. `offset 0` keeps the planner from joining,
 * which it does by comparing every verdict with every result.
 */
export async function insertVerdicts(tx: Tx, jobId: JobId, decision: { at: Date; verdicts: readonly NewVerdict[] }): Promise<WonVerdict[]> {
  const verdicts = [...decision.verdicts].sort((a, b) => a.no - b.no);
  const rows = await tx<{ no: number; verdict: "accepted" | "failed"; window_no: number | null; output_bytes: number }[]>`
    insert into shards (job_id, no, round, window_no, verdict, reason, outcome, digest, output, output_bytes, decided_at)
    select ${uuidOf(jobId)}::uuid, v.no, v.round, v.window_no, v.verdict, v.reason, v.outcome, decode(v.digest, 'hex'), r.output, coalesce(r.output_bytes, 0), ${decision.at}
    from unnest(${verdicts.map((v) => v.no)}::int[], ${verdicts.map((v) => v.verdict)}::text[], ${verdicts.map((v) => v.reason)}::text[], ${verdicts.map((v) => v.outcome)}::text[],
      ${verdicts.map((v) => v.digest)}::text[], ${verdicts.map((v) => v.voterId)}::uuid[], ${verdicts.map((v) => v.round)}::smallint[], ${verdicts.map((v) => v.windowNo)}::int[])
      as v (no, verdict, reason, outcome, digest, voter_id, round, window_no)
    left join lateral (
      select output, output_bytes from results where job_id = ${uuidOf(jobId)} and shard_no = v.no and round = v.round and voter_id = v.voter_id offset 0) as r on true
    order by v.no
    on conflict (job_id, no) do update set window_no = excluded.window_no, verdict = excluded.verdict, reason = excluded.reason, outcome = excluded.outcome,
      digest = excluded.digest, output = excluded.output, output_bytes = excluded.output_bytes, decided_at = excluded.decided_at
      where shards.verdict = 'open' and shards.round = excluded.round
    returning no, verdict, window_no, output_bytes`;
  return rows.map((row) => ({ no: row.no, verdict: row.verdict, windowNo: row.window_no, outputBytes: row.output_bytes }));
}

export type CounterChange = {
  accepted: number;
  failed: number;
  replicas: number;
  wrong: number;
  durationMs: number;
  outputBytes: number;
  /** Of the verdicts, those that were not final at once. */
  held: number;
  /** Results that were taken back. */
  revoked: number;
};
export const NO_CHANGE: Readonly<CounterChange> = { accepted: 0, failed: 0, replicas: 0, wrong: 0, durationMs: 0, outputBytes: 0, held: 0, revoked: 0 };
/** Rows in which one job's progress is counted. */
export const COUNTER_STRIPES = 16;

/** Adds to a job's progress, in the stripe that `spread` (any number) names. */
export async function addToCounters(tx: Tx, jobId: JobId, change: CounterChange & { spread: number }): Promise<void> {
  await tx`
    insert into job_counters as c (job_id, stripe, accepted, failed, replicas, wrong, duration_ms, output_bytes, held, revoked)
    values (${uuidOf(jobId)}, ${change.spread % COUNTER_STRIPES}, ${change.accepted}, ${change.failed}, ${change.replicas}, ${change.wrong}, ${change.durationMs}, ${change.outputBytes},
      ${change.held}, ${change.revoked})
    on conflict (job_id, stripe) do update set accepted = c.accepted + excluded.accepted, failed = c.failed + excluded.failed, replicas = c.replicas + excluded.replicas,
      wrong = c.wrong + excluded.wrong, duration_ms = c.duration_ms + excluded.duration_ms, output_bytes = c.output_bytes + excluded.output_bytes,
      held = c.held + excluded.held, revoked = c.revoked + excluded.revoked`;
}

export type Counters = {
  accepted: number;
  failed: number;
  replicas: number;
  wrong: number;
  outputBytes: number;
  /** Verdicts that never change: they were final at once, or their window has closed. */
  final: number;
  revoked: number;
};

/** SQL of how many of a job's held verdicts lie in closed windows. */
export function closedVerdicts(reader: Reader, jobId: string | Fragment): Fragment {
  return reader`coalesce((select sum(w.shards) from job_windows w join trust_classes t on t.assurance = w.assurance
    where w.job_id = ${jobId} and w.window_no <= t.closed_window_no), 0)`;
}

/** A job's progress over all stripes; exact for what is committed. */
export async function getCounters(reader: Reader, jobId: JobId): Promise<Counters> {
  const [row] = await reader<(Omit<Counters, "outputBytes"> & { output_bytes: bigint })[]>`
    select coalesce(sum(accepted), 0)::int as accepted, coalesce(sum(failed), 0)::int as failed, coalesce(sum(replicas), 0)::int as replicas,
      coalesce(sum(wrong), 0)::int as wrong, coalesce(sum(output_bytes), 0)::bigint as output_bytes, coalesce(sum(revoked), 0)::int as revoked,
      (coalesce(sum(accepted + failed - held), 0) + ${closedVerdicts(reader, uuidOf(jobId))})::int as final
    from job_counters where job_id = ${uuidOf(jobId)}`;
  if (!row) throw new Error("an aggregate without a row");
  const { output_bytes: outputBytes, ...counts } = row;
  return { ...counts, outputBytes: Number(outputBytes) };
}
