import "server-only";
import { type DeviceId, type GrantId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import { isVotingOutcome, type Outcome } from "#lib/domain/replica/outcome.ts";
import type { Reader, Tx } from "../../db/client.ts";
import type { DecidedShard } from "../../shards/shard-store.ts";

export type NewResult = {
  no: number;
  round: number;
  grantId: GrantId;
  /** The voter its grant was given to. */
  voterId: string;
  outcome: Outcome;
  /** 64 hexadecimal digits: of the output, or of the failure's name. */
  digest: string;
  /** Base64, as it came. */
  output: string | null;
  outputBytes: number;
  exitCode: number | null;
  trap: string | null;
  stderr: string | null;
  durationMs: number;
  /** With a kernel, the class of GPU that ran it. */
  adapter: string | null;
};

/** Inserts what a device reported about shards of one job; a shard that the same voter reported before is left as it is. Returns how many of those that ended because of the machine are new. */
export async function insertResults(
  tx: Tx,
  jobId: JobId,
  report: { deviceId: DeviceId; clusterId: string; at: Date; results: readonly NewResult[] },
): Promise<number> {
  const results = [...report.results].sort((a, b) => a.no - b.no);
  const isPlain = results.every((r) => r.outcome === "ok" && r.output !== null && r.stderr === null && r.adapter === null);
  return isPlain ? await insertPlain(tx, jobId, { ...report, results }) : await insertAny(tx, jobId, { ...report, results });
}

type Report = Parameters<typeof insertResults>[2];

/** Of outputs alone, which is what nearly all reports are, half of the columns need no value. */
async function insertPlain(tx: Tx, jobId: JobId, { deviceId, clusterId, at, results }: Report): Promise<number> {
  await tx`
    insert into results (job_id, shard_no, round, voter_id, device_id, cluster_id, grant_id, outcome, digest, output, output_bytes, duration_ms, reported_at)
    select ${uuidOf(jobId)}::uuid, no, round, voter_id, ${uuidOf(deviceId)}::uuid, ${clusterId}::uuid, grant_id, 'ok', decode(digest, 'hex'), decode(output, 'base64'), output_bytes, duration_ms, ${at}
    from unnest(
      ${results.map((r) => r.no)}::int[], ${results.map((r) => uuidOf(r.grantId))}::uuid[], ${results.map((r) => r.digest)}::text[], ${results.map((r) => r.output)}::text[],
      ${results.map((r) => r.outputBytes)}::int[], ${results.map((r) => Math.round(r.durationMs))}::int[], ${results.map((r) => r.round)}::smallint[],
      ${results.map((r) => r.voterId)}::uuid[]
    ) as r (no, grant_id, digest, output, output_bytes, duration_ms, round, voter_id)
    on conflict do nothing`;
  return 0;
}

async function insertAny(tx: Tx, jobId: JobId, { deviceId, clusterId, at, results }: Report): Promise<number> {
  const rows = await tx<{ outcome: Outcome }[]>`
    insert into results (job_id, shard_no, round, voter_id, device_id, cluster_id, grant_id, outcome, digest, output, output_bytes, exit_code, trap, stderr, duration_ms, adapter, reported_at)
    select ${uuidOf(jobId)}::uuid, no, round, voter_id, ${uuidOf(deviceId)}::uuid, ${clusterId}::uuid, grant_id, outcome, decode(digest, 'hex'), decode(output, 'base64'), output_bytes, exit_code, trap, stderr, duration_ms, adapter, ${at}
    from unnest(
      ${results.map((r) => r.no)}::int[], ${results.map((r) => uuidOf(r.grantId))}::uuid[], ${results.map((r) => r.outcome)}::text[], ${results.map((r) => r.digest)}::text[],
      ${results.map((r) => r.output)}::text[], ${results.map((r) => r.outputBytes)}::int[], ${results.map((r) => r.exitCode)}::int[],
      ${results.map((r) => r.trap)}::text[], ${results.map((r) => r.stderr)}::text[], ${results.map((r) => Math.round(r.durationMs))}::int[],
      ${results.map((r) => r.adapter)}::text[], ${results.map((r) => r.round)}::smallint[], ${results.map((r) => r.voterId)}::uuid[]
    ) as r (no, grant_id, outcome, digest, output, output_bytes, exit_code, trap, stderr, duration_ms, adapter, round, voter_id)
    on conflict do nothing returning outcome`;
  return rows.filter((row) => !isVotingOutcome(row.outcome)).length;
}

export type ReportedResult = { no: number; round: number; voterId: string; outcome: Outcome; digest: string; isJudged: boolean };

type JobNow = { state: JobState /** Up to which window its pay has vested. */; vestedWindowNo: number };

/**
 * How the job stands, all results of the named shards in their present round, and those of the shards that have or had a verdict; as one row, for a row of its own costs
 * each result more than reading it.
 */
export async function readEvidence(
  tx: Reader,
  jobId: JobId,
  nos: readonly number[],
): Promise<{ job: JobNow | null; results: ReportedResult[]; shards: DecidedShard[] }> {
  const [row] = await tx<
    (JobNow & {
      results: [no: number, round: number, voterId: string, outcome: Outcome, digest: string, isJudged: boolean][];
      shards: [no: number, round: number, verdict: DecidedShard["verdict"], windowNo: number | null, outcome: Outcome | null, digest: string | null][];
    })[]
  >`
    select state, vested_window_no as "vestedWindowNo",
      (select coalesce(json_agg(json_build_array(r.shard_no, r.round, r.voter_id, r.outcome, encode(r.digest, 'hex'), r.agreed is not null)), '[]')
        from results r left join shards s on s.job_id = ${uuidOf(jobId)} and s.no = r.shard_no
        where r.job_id = ${uuidOf(jobId)} and r.shard_no = any(${[...nos]}::int[]) and r.round = coalesce(s.round, 0)) as results,
      (select coalesce(json_agg(json_build_array(no, round, verdict, window_no, outcome, encode(digest, 'hex'))), '[]')
        from shards where job_id = ${uuidOf(jobId)} and no = any(${[...nos]}::int[])) as shards
    from job_cursors where job_id = ${uuidOf(jobId)}`;
  return {
    job: row ? { state: row.state, vestedWindowNo: row.vestedWindowNo } : null,
    results: (row?.results ?? []).map(([no, round, voterId, outcome, digest, isJudged]) => ({ no, round, voterId, outcome, digest, isJudged })),
    shards: (row?.shards ?? []).map(([no, round, verdict, windowNo, outcome, digest]) => ({ no, round, verdict, windowNo, outcome, digest })),
  };
}

/** The outputs of these shards that lie in rows and may still be compared, by their digests: those of unjudged results and the accepted ones. */
export async function listInlineOutputs(tx: Reader, jobId: JobId, nos: readonly number[]): Promise<Map<string, Uint8Array>> {
  const rows = await tx<{ digest: string; output: Uint8Array }[]>`
    select encode(digest, 'hex') as digest, output from results
      where job_id = ${uuidOf(jobId)} and shard_no = any(${[...nos]}::int[]) and agreed is null and outcome = 'ok' and output is not null
    union all
    select encode(digest, 'hex'), output from shards where job_id = ${uuidOf(jobId)} and no = any(${[...nos]}::int[]) and outcome = 'ok' and output is not null`;
  return new Map(rows.map((row) => [row.digest, row.output]));
}

/** Numbers within the ranges of grants that these grants reported. */
export async function listReportedNos(
  tx: Reader,
  jobId: JobId,
  grants: readonly { id: GrantId; fromNo: number; toNo: number }[],
): Promise<Map<GrantId, number[]>> {
  const rows = await tx<{ shard_no: number; grant_id: string }[]>`
    select r.shard_no, r.grant_id from unnest(${grants.map((g) => uuidOf(g.id))}::uuid[], ${grants.map((g) => g.fromNo)}::int[], ${grants.map((g) => g.toNo)}::int[]) as g (id, from_no, to_no)
    join results r on r.job_id = ${uuidOf(jobId)} and r.shard_no >= g.from_no and r.shard_no < g.to_no and r.grant_id = g.id
    order by r.shard_no`;
  const byGrant = new Map<GrantId, number[]>();
  for (const row of rows) {
    const id = idOf("grt", row.grant_id);
    const list = byGrant.get(id) ?? [];
    list.push(row.shard_no);
    byGrant.set(id, list);
  }
  return byGrant;
}

/** Sizes of those digests that were uploaded as outputs of this job. */
export async function listUploadedOutputs(tx: Reader, jobId: JobId, digests: readonly string[]): Promise<Map<string, number>> {
  const rows = await tx<{ sha256: string; bytes: bigint }[]>`
    select a.sha256, a.bytes from job_artifacts ja join artifacts a on a.sha256 = ja.sha256
    where ja.job_id = ${uuidOf(jobId)} and ja.part = 'output' and ja.sha256 = any(${[...digests]}::text[])`;
  return new Map(rows.map((row) => [row.sha256, Number(row.bytes)]));
}
