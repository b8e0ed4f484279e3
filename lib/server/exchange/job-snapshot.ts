import "server-only";
import type { Lane } from "#lib/domain/dispatch/lanes.ts";
import { ShareQueue, sharesOf } from "#lib/domain/dispatch/share-queue.ts";
import { idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { isOpen, type JobSpec, type JobState } from "#lib/domain/job/job.ts";
import { ASSURANCE, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import type { Services } from "../context.ts";
import type { Reader } from "../db/client.ts";
import { DEVICE_TOKEN_TTL_MS } from "../devices/device-token.ts";
import type { JobRules } from "./reporting/check-report.ts";

/** What never changes about a job. */
export type JobFacts = {
  jobId: JobId;
  accountId: string;
  spec: JobSpec;
  indexSha256: string | null;
  cutSha256: string | null;
  shardCount: number;
  priceMicro: bigint;
  feeBps: number;
};
/** A running job as it was when the snapshot was taken. */
export type RunningJob = {
  facts: JobFacts;
  state: JobState;
  heads: number[];
  /** Shards that may be granted: fewer than all until the job's milestones are passed. */
  releasedCount: number;
  /** Replicas on offer beyond the passes, by who may take them. */
  wanted: Record<Lane, number>;
  decided: number;
  /** Voters that hold open grants of it. */
  holders: number;
  /** What a replica of it took on average. */
  meanMs: number;
  /** Whether newcomers of the job's class flood in with wrong results. */
  isFlooded: boolean;
};

const SNAPSHOT_AGE_MS_MAX = 1000;
/** So many clusters of established devices, whose token is not older than its life, keep jobs going while newcomers are in quarantine. */
const ESTABLISHED_CLUSTERS_MIN = 3;
const FACTS_KEPT_MAX = 5000;
/** What a shard is taken to cost while no result of its job says it. */
const MEAN_MS_UNKNOWN = 1000;
const MEAN_MS_MIN = 0.001;

type FactsRow = {
  id: string;
  account_id: string;
  spec: JobSpec;
  index_sha256: string | null;
  cut_sha256: string | null;
  shard_count: number;
  price_micro: bigint;
  fee_bps: number;
};

/**
 * The running jobs, held in memory and at most a second old, so that choosing a job costs no statement. Losing it costs nothing: it is read anew.
 * One instance lives per process.
 */
export class JobSnapshot {
  readonly #services: Pick<Services, "db" | "clock">;
  readonly #facts = new Map<JobId, JobFacts>();
  readonly #shares = new ShareQueue<JobId>();
  #running = new Map<JobId, RunningJob>();
  /** For each job with open grants when the first of them has to be renewed, the latest first. */
  #deadlines: { jobId: JobId; atMs: number }[] = [];
  #isStopped = false;
  #takenAtMs = Number.NEGATIVE_INFINITY;
  #refresh: Promise<void> | null = null;

  constructor(services: Pick<Services, "db" | "clock">) {
    this.#services = services;
  }

  /** The running jobs. Callers that come while it is being refreshed share one reading. */
  async running(): Promise<ReadonlyMap<JobId, RunningJob>> {
    const nowMs = this.#services.clock.now().getTime();
    if (nowMs - this.#takenAtMs > SNAPSHOT_AGE_MS_MAX) {
      this.#refresh ??= this.#read(nowMs).finally(() => {
        this.#refresh = null;
      });
      await this.#refresh;
    }
    return this.#running;
  }

  /** Whether an operator stopped the instance: then nothing is granted and what runs has to stop. At most a second old. */
  async isStopped(): Promise<boolean> {
    await this.running();
    return this.#isStopped;
  }

  /** A job with a grant that was to be renewed before `before` and was not; each is named once for every reading. Null where there is none. */
  takeOverdue(before: Date): JobId | null {
    const first = this.#deadlines.at(-1);
    if (!first || first.atMs >= before.getTime()) return null;
    this.#deadlines.pop();
    return first.jobId;
  }

  /** The running jobs, the one that got least of its share first, with how much each got: milliseconds of work over its share of one. */
  *inOrder(): Generator<RunningJob & { pass: number }> {
    for (const jobId of this.#shares.inOrder()) {
      const job = this.#running.get(jobId);
      if (job) yield { ...job, pass: this.passOf(jobId) };
    }
  }

  /** How much of its share a job got. */
  passOf(jobId: JobId): number {
    return this.#shares.passOf(jobId) ?? 0;
  }

  /** Notes that so many shards of a job were given out; what was noted too much is taken back by a negative number. */
  charge(jobId: JobId, shards: number): void {
    this.#shares.charge(jobId, shards * (this.#running.get(jobId)?.meanMs ?? MEAN_MS_UNKNOWN));
  }

  /** Forgets what is held, so that the next reader sees the database as it is. */
  expire(): void {
    this.#takenAtMs = Number.NEGATIVE_INFINITY;
  }

  /** What never changes about these jobs; unknown ids are left out. */
  async facts(jobIds: readonly JobId[]): Promise<Map<JobId, JobFacts>> {
    const missing = jobIds.filter((id) => !this.#facts.has(id));
    if (missing.length > 0) await this.#readFacts(missing);
    return new Map(
      jobIds.flatMap((id) => {
        const facts = this.#facts.get(id);
        return facts ? [[id, facts] as const] : [];
      }),
    );
  }

  async #read(nowMs: number): Promise<void> {
    const rows = await this.#services.db<
      (Record<Lane, number> & {
        job_id: string;
        state: JobState;
        heads: number[];
        released: number;
        decided: number;
        holders: number;
        first_deadline_at: Date | null;
        mean_ms: number | null;
      })[]
    >`
      select c.job_id, c.state, c.heads, c.shard_count as released, w.*, n.*, g.*
      from job_cursors c cross join lateral (
        select coalesce(sum(accepted + failed), 0)::int as decided, (sum(duration_ms) / nullif(sum(replicas), 0))::float8 as mean_ms
        from job_counters where job_id = c.job_id) as n cross join lateral (
        select count(*) filter (where lane = 'any')::int as "any", count(*) filter (where lane = 'established')::int as established,
          count(*) filter (where lane = 'trusted')::int as trusted, count(*) filter (where lane = 'quarantined')::int as quarantined
        from wanted where job_id = c.job_id and taken_at is null) as w cross join lateral (
        select count(distinct voter_id)::int as holders, min(deadline_at) as first_deadline_at from grants where job_id = c.job_id and state = 'open') as g
      where c.state in ('running', 'paused', 'computed')`;
    // Without established devices newcomers would find nothing to repeat, and an instance that begins under a flood would never begin.
    const [instance] = await this.#services.db<{ flooded: AssuranceClass[]; is_stopped: boolean }[]>`
      select exists (select 1 from instance_stops where resumed_at is null) as is_stopped, array(select assurance from trust_classes where is_flooded
        and (select count(distinct t.cluster_id) from device_trust t join devices d on d.id = t.device_id
          where t.stage = 'active' and t.agreed >= 20 and d.revoked_at is null and d.last_seen_at >= ${new Date(nowMs - DEVICE_TOKEN_TTL_MS)}) >= ${ESTABLISHED_CLUSTERS_MIN}) as flooded`;
    const facts = await this.facts(rows.map((row) => idOf("job", row.job_id)));
    const running = rows.flatMap((row): RunningJob[] => {
      const known = facts.get(idOf("job", row.job_id));
      const { state, heads, released, decided, holders, any, established, trusted, quarantined } = row;
      // What costs nothing by the clock still is work.
      const meanMs = Math.max(MEAN_MS_MIN, row.mean_ms ?? MEAN_MS_UNKNOWN);
      const isFlooded = instance?.flooded.some((assurance) => assurance === known?.spec.verification.assurance) ?? false;
      if (!known) return [];
      const wanted = { any, established, trusted, quarantined };
      return [{ facts: known, state, heads, releasedCount: released, decided, holders, meanMs, isFlooded, wanted }];
    });
    this.#running = new Map(running.map((job) => [job.facts.jobId, job]));
    this.#deadlines = rows
      .flatMap((row) => (row.first_deadline_at ? [{ jobId: idOf("job", row.job_id), atMs: row.first_deadline_at.getTime() }] : []))
      .sort((a, b) => b.atMs - a.atMs);
    this.#shares.sync(sharesOf(running.map(({ facts: { jobId, accountId, spec } }) => ({ key: jobId, accountId, weight: spec.weight ?? 1 }))));
    this.#isStopped = instance?.is_stopped ?? false;
    this.#takenAtMs = nowMs;
  }

  async #readFacts(jobIds: readonly JobId[]): Promise<void> {
    const rows = await this.#services.db<FactsRow[]>`
      select id, account_id, spec, index_sha256, cut_sha256, shard_count, price_micro, fee_bps from jobs where id = any(${jobIds.map(uuidOf)}::uuid[])`;
    if (this.#facts.size + rows.length > FACTS_KEPT_MAX) this.#facts.clear();
    for (const row of rows) {
      const jobId = idOf("job", row.id);
      this.#facts.set(jobId, {
        jobId,
        accountId: row.account_id,
        spec: row.spec,
        indexSha256: row.index_sha256,
        cutSha256: row.cut_sha256,
        shardCount: row.shard_count,
        priceMicro: row.price_micro,
        feeBps: row.fee_bps,
      });
    }
  }
}

/** The rules by which reports about a job are judged, with its present state. */
export async function getRules(reader: Reader, facts: JobFacts): Promise<JobRules> {
  const { assurance } = facts.spec.verification;
  const [row] = await reader<{ state: JobState; window_no: number | null }[]>`
    select state, (select open_window_no from trust_classes where assurance = ${assurance}) as window_no from job_cursors where job_id = ${uuidOf(facts.jobId)}`;
  return rulesOf(facts, row?.state ?? "failed", row?.window_no ?? FIRST_WINDOW);
}

/** Where a class begins that no result came for yet. */
const FIRST_WINDOW = 1;

/** The same for a state that is known, and a window where reports are judged. */
export function rulesOf(facts: JobFacts, state: JobState, windowNo = FIRST_WINDOW): JobRules {
  const { jobId, spec, shardCount, priceMicro, feeBps } = facts;
  const { limits, verification } = spec;
  const isHeld = ASSURANCE[verification.assurance].hasHold;
  return {
    jobId,
    state,
    maySettle: isOpen(state) || state === "final",
    limits,
    verification,
    priceMicro,
    feeBps,
    shardCount,
    windowNo: isHeld ? windowNo : null,
  };
}
