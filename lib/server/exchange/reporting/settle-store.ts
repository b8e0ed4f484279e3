import "server-only";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { feeOn, type Micro } from "#lib/domain/ledger/money.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { Tx } from "../../db/client.ts";
import { newId } from "../../ids.ts";
import { COUNTER_STRIPES, type NewVerdict } from "../../shards/shard-store.ts";

/** `digests` are those that agree: the accepted one, and where outputs are compared by closeness those close to it. */
export type Judgement = {
  no: number;
  round: number;
  /** Whether its pay is earned at once, because its window has closed or there is none. */
  isVested: boolean;
  outcome: Outcome;
  digests: readonly string[];
};

/** What was decided about shards of one job, and what has to be known to pay for it; `spread` chooses the stripe of the counters. */
export type ToSettle = {
  job: { jobId: JobId; priceMicro: Micro; feeBps: number };
  at: Date;
  verdicts: readonly NewVerdict[];
  judgements: readonly Judgement[];
  spread: number;
};

/**
 * Inserts verdicts, taking the canonical output from the named voter's result; marks every unjudged vote that agrees with a judgement, once each, and pays it, in one posting
 * group: escrow to the device's earnings, or to what it may still forfeit, and the fee; and counts all of it. The primary key of `shards` lets exactly one of several
 * deciding exchanges win, and a revoked shard takes one verdict in its present round; the row's own lock and `agreed is null` let one of several pay a result.
 * Outputs of agreeing results are dropped, for the shard keeps the canonical one. Returns how many verdicts were won.
 */
export async function settleDecided(tx: Tx, settle: ToSettle): Promise<{ accepted: number; failed: number }> {
  const judgements = Map.groupBy(settle.judgements, keyOf);
  const verdicts = Map.groupBy(settle.verdicts, ({ round, outcome, windowNo }) => keyOf({ round, outcome, isVested: windowNo === null }));
  const keys = [...new Set([...judgements.keys(), ...verdicts.keys()])].sort();
  const won = await Promise.all(
    keys.map(async (key) => await settleAlike(tx, settle, { verdicts: verdicts.get(key) ?? [], judgements: judgements.get(key) ?? [] })),
  );
  return { accepted: won.reduce((sum, one) => sum + one.accepted, 0), failed: won.reduce((sum, one) => sum + one.failed, 0) };
}

function keyOf({ round, outcome, isVested }: { round: number; outcome: Outcome | null; isVested: boolean }): string {
  return `${round} ${outcome} ${isVested}`;
}

type Alike = { verdicts: readonly NewVerdict[]; judgements: readonly Judgement[] };

/**
 * One statement for all that share round, outcome and vesting, which nearly always is all there is. `offset 0` keeps the planner from joining every verdict with every
 * result; `is true` has it look agreeing votes up in a hash table instead of comparing each with each.
 */
async function settleAlike(tx: Tx, { job, at, spread }: ToSettle, { verdicts, judgements }: Alike): Promise<{ accepted: number; failed: number }> {
  const id = uuidOf(job.jobId);
  const v = [...verdicts].sort((a, b) => a.no - b.no);
  const [first] = judgements;
  const agreeing = judgements.flatMap(({ no, digests }) => digests.map((digest) => ({ no, digest })));
  const feeMicro = feeOn(job.priceMicro, job.feeBps);
  const ref = `settle:${newId("grt").slice(4)}`;
  const [won] = await tx<{ accepted: number; failed: number }[]>`
    with won as (
      insert into shards (job_id, no, round, window_no, verdict, reason, outcome, digest, output, output_bytes, decided_at)
      select ${id}::uuid, v.no, v.round, v.window_no, v.verdict, v.reason, v.outcome, decode(v.digest, 'hex'), r.output, coalesce(r.output_bytes, 0), ${at}
      from unnest(${v.map((one) => one.no)}::int[], ${v.map((one) => one.verdict)}::text[], ${v.map((one) => one.reason)}::text[], ${v.map((one) => one.outcome)}::text[],
        ${v.map((one) => one.digest)}::text[], ${v.map((one) => one.voterId)}::uuid[], ${v.map((one) => one.round)}::smallint[], ${v.map((one) => one.windowNo)}::int[])
        as v (no, verdict, reason, outcome, digest, voter_id, round, window_no)
      left join lateral (
        select output, output_bytes from results where job_id = ${id} and shard_no = v.no and round = v.round and voter_id = v.voter_id offset 0) as r on true
      order by v.no
      on conflict (job_id, no) do update set window_no = excluded.window_no, verdict = excluded.verdict, reason = excluded.reason, outcome = excluded.outcome,
        digest = excluded.digest, output = excluded.output, output_bytes = excluded.output_bytes, decided_at = excluded.decided_at
        where shards.verdict = 'open' and shards.round = excluded.round
      returning verdict, window_no, output_bytes),
    agreed as (
      update results r set agreed = 'yes', settled_at = ${at}, output = null
      where r.job_id = ${id} and r.shard_no = any(${judgements.map(({ no }) => no)}::int[]) and r.round = ${first?.round ?? 0}::smallint and r.agreed is null
        and r.outcome = ${first?.outcome ?? ""}
        and ((r.shard_no, r.digest) in (select no, decode(digest, 'hex') from unnest(${agreeing.map(({ no }) => no)}::int[], ${agreeing.map(({ digest }) => digest)}::text[]) as a (no, digest)))
          is true
      returning r.device_id, r.duration_ms),
    paid as (select device_id, count(*) as replicas, sum(duration_ms) as duration_ms from agreed group by device_id),
    posted as (
      insert into job_postings (job_id, ref, line, side, device_id, amount_micro)
      select ${id}::uuid, ${ref}, line, side, device_id, amount from (
        select row_number() over (order by device_id) + 1 as line, ${first?.isVested ? "earned" : "pending"} as side, device_id, replicas * ${job.priceMicro} as amount from paid
        union all select 0, 'escrow', null, -sum(replicas) * ${job.priceMicro + feeMicro} from paid having count(*) > 0
        union all select 1, 'fee', null, sum(replicas) * ${feeMicro} from paid having count(*) > 0) as lines
      where amount <> 0),
    total as (
      select count(*) filter (where verdict = 'accepted')::int as accepted, count(*) filter (where verdict = 'failed')::int as failed, count(window_no)::int as held,
        coalesce(sum(output_bytes), 0)::bigint as output_bytes, (select coalesce(sum(replicas), 0) from paid)::int as replicas,
        (select coalesce(sum(duration_ms), 0) from paid)::bigint as duration_ms
      from won),
    counted as (
      insert into job_counters as c (job_id, stripe, accepted, failed, replicas, duration_ms, output_bytes, held)
      select ${id}::uuid, ${spread % COUNTER_STRIPES}::int, accepted, failed, replicas, duration_ms, output_bytes, held from total where accepted + failed + replicas > 0
      on conflict (job_id, stripe) do update set accepted = c.accepted + excluded.accepted, failed = c.failed + excluded.failed, replicas = c.replicas + excluded.replicas,
        duration_ms = c.duration_ms + excluded.duration_ms, output_bytes = c.output_bytes + excluded.output_bytes, held = c.held + excluded.held)
    select accepted, failed from total`;
  return won ?? { accepted: 0, failed: 0 };
}

/**
 * Marks every unjudged vote of the judged shards that does not agree, once each, and counts them as wrong. Their outputs are dropped unless they are kept because
 * they may be proven right later. Returns how many there were: nobody is paid for them.
 */
export async function judgeDissent(
  tx: Tx,
  jobId: JobId,
  judging: { judgements: readonly Judgement[]; keepsOutputs: boolean; spread: number },
): Promise<number> {
  const { judgements, keepsOutputs, spread } = judging;
  const alike = [...Map.groupBy(judgements, keyOf).values()];
  const counts = await Promise.all(alike.map(async (list) => await judgeAlike(tx, jobId, { list, keepsOutputs, spread })));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function judgeAlike(tx: Tx, jobId: JobId, judging: { list: readonly Judgement[]; keepsOutputs: boolean; spread: number }): Promise<number> {
  const { list, keepsOutputs, spread } = judging;
  const [first] = list;
  if (!first) return 0;
  const id = uuidOf(jobId);
  const agreeing = list.flatMap(({ no, digests }) => digests.map((digest) => ({ no, digest })));
  const [row] = await tx<{ wrong: number }[]>`
    with dissent as (
      update results r set agreed = 'no', output = case when ${keepsOutputs} then r.output end
      where r.job_id = ${id} and r.shard_no = any(${list.map(({ no }) => no)}::int[]) and r.round = ${first.round}::smallint and r.agreed is null
        and r.outcome not in ('timeout', 'out_of_memory', 'crashed')
        and (r.outcome <> ${first.outcome} or ((r.shard_no, r.digest) in (
          select no, decode(digest, 'hex') from unnest(${agreeing.map(({ no }) => no)}::int[], ${agreeing.map(({ digest }) => digest)}::text[]) as a (no, digest))) is not true)
      returning r.duration_ms),
    total as (select count(*)::int as wrong, coalesce(sum(duration_ms), 0)::bigint as duration_ms from dissent),
    counted as (
      insert into job_counters as c (job_id, stripe, replicas, wrong, duration_ms) select ${id}::uuid, ${spread % COUNTER_STRIPES}::int, wrong, wrong, duration_ms from total where wrong > 0
      on conflict (job_id, stripe) do update set replicas = c.replicas + excluded.replicas, wrong = c.wrong + excluded.wrong, duration_ms = c.duration_ms + excluded.duration_ms)
    select wrong from total`;
  return row?.wrong ?? 0;
}
