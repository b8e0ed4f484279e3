import "server-only";
import { type DeviceId, type GrantId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Reader, Tx } from "../db/client.ts";

export type RevokeReason = "refuted" | "device_burned" | "auditor_wrong";
export type ShardRound = { no: number; round: number };
export type Revoked = ShardRound & { verdict: "accepted" | "failed"; windowNo: number; outputBytes: number; wasHeld: boolean };

/**
 * Takes verdicts back: each one that still stands in this round and whose window has not closed becomes open in the next round, and a note of what it was is
 * kept. Whoever comes second finds the round changed and takes nothing. The caller holds the job's lock, so that nothing is judged by the old verdict meanwhile.
 */
export async function revokeVerdicts(
  tx: Tx,
  jobId: JobId,
  revocation: { assurance: AssuranceClass; at: Date; reason: RevokeReason; shards: readonly ShardRound[] },
): Promise<Revoked[]> {
  const job = uuidOf(jobId);
  const { assurance, at, reason } = revocation;
  const shards = [...revocation.shards].sort((a, b) => a.no - b.no);
  const nos = shards.map(({ no }) => no);
  const rounds = shards.map(({ round }) => round);
  await tx`
    insert into revocations (job_id, no, round, digest, decided_at, revoked_at, reason)
    select s.job_id, s.no, s.round, s.digest, s.decided_at, ${at}, ${reason} from unnest(${nos}::int[], ${rounds}::smallint[]) as r (no, round)
    join shards s on s.job_id = ${job} and s.no = r.no and s.round = r.round and s.verdict <> 'open'
      and s.window_no > coalesce((select closed_window_no from trust_classes where assurance = ${assurance}), 0)
    on conflict do nothing`;
  const rows = await tx<Omit<Revoked, "wasHeld">[]>`
    with old as (
      select s.no, s.round, s.verdict, s.window_no, s.output_bytes from unnest(${nos}::int[], ${rounds}::smallint[]) as r (no, round)
      join shards s on s.job_id = ${job} and s.no = r.no and s.round = r.round and s.verdict <> 'open'
      where s.window_no > coalesce((select closed_window_no from trust_classes where assurance = ${assurance}), 0))
    update shards s set verdict = 'open', round = s.round + 1, reason = null, outcome = null, digest = null, output = null, output_bytes = 0
    from old where s.job_id = ${job} and s.no = any(${nos}::int[]) and s.no = old.no and s.round = old.round
    returning old.no, old.round, old.verdict, old.window_no as "windowNo", old.output_bytes as "outputBytes"`;
  const held = await tx<ShardRound[]>`
    delete from holds h using unnest(${rows.map((r) => r.no)}::int[], ${rows.map((r) => r.round)}::smallint[]) as r (no, round)
    where h.job_id = ${job} and h.no = any(${rows.map((r) => r.no)}::int[]) and h.no = r.no and h.round = r.round returning h.no, h.round`;
  return rows.map((row) => ({ ...row, wasHeld: held.some(({ no, round }) => no === row.no && round === row.round) }));
}

export type Forfeit = { deviceId: DeviceId; replicas: number };

/** Marks the pay of everybody who gave a verdict that was taken back as forfeited; how many replicas of which device. */
export async function forfeitRounds(tx: Tx, jobId: JobId, shards: readonly ShardRound[]): Promise<Forfeit[]> {
  const nos = shards.map(({ no }) => no);
  const rows = await tx<{ device_id: string }[]>`
    update results r set agreed = 'no', is_folded = true, is_forfeited = true
    from unnest(${nos}::int[], ${shards.map(({ round }) => round)}::smallint[]) as s (no, round)
    where r.job_id = ${uuidOf(jobId)} and r.shard_no = any(${nos}::int[]) and r.shard_no = s.no and r.round = s.round
      and r.agreed = 'yes' and r.settled_at is not null and not r.is_forfeited
    returning r.device_id`;
  return countDevices(rows);
}

/** Marks everything that a device was credited in a job and that has not vested as forfeited; how many replicas. */
export async function forfeitPending(tx: Tx, jobId: JobId, device: { deviceId: DeviceId; vestedWindowNo: number }): Promise<number> {
  const rows = await tx`
    update results r set is_forfeited = true from shards s
    where r.job_id = ${uuidOf(jobId)} and r.device_id = ${uuidOf(device.deviceId)} and r.settled_at is not null and not r.is_forfeited
      and s.job_id = ${uuidOf(jobId)} and s.no = r.shard_no and s.window_no > ${device.vestedWindowNo}
    returning 1`;
  return rows.length;
}

function countDevices(rows: readonly { device_id: string }[]): Forfeit[] {
  return [...Map.groupBy(rows, (row) => row.device_id)].map(([id, of]) => ({ deviceId: idOf("dev", id), replicas: of.length }));
}

/** The answers that stood against verdicts which were taken back and are proven right: the digest of each shard's refuting device. */
export type Truth = ShardRound & { byDevice: string };

export type TruthfulResult = ShardRound & { voterId: string; grantId: string };

/** The results that gave these answers, of trusted devices and of others: none of them was paid, for each stood against a verdict. */
export async function listTruthful(reader: Reader, jobId: JobId, truths: readonly Truth[]): Promise<TruthfulResult[]> {
  const job = uuidOf(jobId);
  const nos = truths.map(({ no }) => no);
  return await reader<TruthfulResult[]>`
    select r.shard_no as no, r.round, r.voter_id as "voterId", r.grant_id as "grantId"
    from unnest(${nos}::int[], ${truths.map(({ round }) => round)}::smallint[], ${truths.map(({ byDevice }) => byDevice)}::uuid[]) as t (no, round, device)
    join results own on own.job_id = ${job} and own.shard_no = t.no and own.round = t.round and own.device_id = t.device
    join results r on r.job_id = ${job} and r.shard_no = t.no and r.round = t.round and r.outcome = own.outcome and r.digest = own.digest
    where r.agreed = 'no' and r.settled_at is null order by r.shard_no, r.voter_id`;
}

/**
 * Moves results into the next round of their shard, where they vote anew. The grants they came with wait for a tally as if the results had just been reported: the tally
 * then leaves them to be folded again. A fold that comes between the two finds nothing judged and takes no mark away.
 */
export async function moveToNextRound(tx: Tx, jobId: JobId, moved: readonly TruthfulResult[], at: Date): Promise<void> {
  const job = uuidOf(jobId);
  const nos = moved.map(({ no }) => no);
  await tx`
    update results r set round = r.round + 1, agreed = null, is_folded = false
    from unnest(${nos}::int[], ${moved.map(({ round }) => round)}::smallint[], ${moved.map(({ voterId }) => voterId)}::uuid[]) as m (no, round, voter_id)
    where r.job_id = ${job} and r.shard_no = any(${nos}::int[]) and r.shard_no = m.no and r.round = m.round and r.voter_id = m.voter_id`;
  const grantIds = [...new Set(moved.map(({ grantId }) => grantId))].sort();
  await tx`update grants set untallied_since = coalesce(untallied_since, ${at}) where job_id = ${job} and id = any(${grantIds}::uuid[])`;
}

/** Results that were found wrong and whose shards were not taken back yet, by job. */
export async function listDueRefutations(reader: Reader, limit: number): Promise<Map<JobId, (ShardRound & { byDevice: string })[]>> {
  const rows = await reader<(ShardRound & { job_id: string; byDevice: string })[]>`
    select distinct on (job_id, no, round) job_id, no, round, by_device as "byDevice" from (
      select job_id, no, round, by_device from refutations where applied_at is null order by at limit ${limit}) as due order by job_id, no, round`;
  return Map.groupBy(rows, (row) => idOf("job", row.job_id));
}

/** Notes that shards were taken back because of refutations. */
export async function markApplied(tx: Tx, jobId: JobId, shards: readonly ShardRound[], at: Date): Promise<void> {
  const nos = shards.map(({ no }) => no);
  await tx`
    update refutations f set applied_at = ${at} from unnest(${nos}::int[], ${shards.map(({ round }) => round)}::smallint[]) as s (no, round)
    where f.job_id = ${uuidOf(jobId)} and f.no = any(${nos}::int[]) and f.no = s.no and f.round = s.round and f.applied_at is null`;
}

/** Open grants of a device, by job: what it holds is taken from it. */
export async function listOpenGrantIds(reader: Reader, deviceId: DeviceId): Promise<Map<JobId, GrantId[]>> {
  const rows = await reader<{ job_id: string; id: string }[]>`select job_id, id from grants where device_id = ${uuidOf(deviceId)} and state = 'open'`;
  return new Map([...Map.groupBy(rows, (row) => row.job_id)].map(([jobId, of]) => [idOf("job", jobId), of.map((row) => idOf("grt", row.id))]));
}
