import { quantileOf } from "#bench/exchange/measure-exchange.ts";
import type { World } from "#bench/exchange/world.ts";
import { idOf, type JobId } from "#lib/domain/ids.ts";

/** What was granted, by job. */
export type Work = ReadonlyMap<JobId, { shards: number; grants: number }>;

/** What every job of the world has got so far. */
export async function readWork({ services }: World): Promise<Work> {
  const rows = await services.db<{ job_id: string; shards: number; grants: number }[]>`
    select job_id, sum(to_no - from_no)::int as shards, count(*)::int as grants from grants group by job_id`;
  return new Map(rows.map((row) => [idOf("job", row.job_id), { shards: row.shards, grants: row.grants }]));
}

/** How far what was got is from what was due, as a part of it: of the worst account, of the worst weight over all accounts, of all jobs but the worst twentieth. */
export type ErrorOfShares = { accounts: number; weights: number; jobsP95: number; grantsPerJob: number };

type Shares = {
  world: Pick<World, "jobIds" | "accountIds">;
  before: Work;
  after: Work;
  weightOf: (at: number) => number;
  /** What a shard takes, in milliseconds. */
  durationOf: (at: number) => number;
};

/** Accounts are due the same time, and of an account's part each job what its weight is of all its owner's. */
export function errorOfShares(of: Shares): ErrorOfShares {
  const { jobIds, accountIds } = of.world;
  const jobs = jobIds.map((jobId, at) => {
    const gained = (what: "shards" | "grants") => (of.after.get(jobId)?.[what] ?? 0) - (of.before.get(jobId)?.[what] ?? 0);
    return { account: at % accountIds.length, weight: of.weightOf(at), got: gained("shards") * of.durationOf(at), grants: gained("grants"), due: 0 };
  });
  const total = jobs.reduce((sum, job) => sum + job.got, 0);
  for (const job of jobs) {
    const ofAccount = jobs.filter(({ account }) => account === job.account).reduce((sum, { weight }) => sum + weight, 0);
    job.due = (total / accountIds.length) * (job.weight / ofAccount);
  }
  const worstBy = (key: (job: (typeof jobs)[number]) => number) => Math.max(...[...Map.groupBy(jobs, key).values()].map(errorOf));
  return {
    accounts: worstBy(({ account }) => account),
    weights: worstBy(({ weight }) => weight),
    jobsP95: quantileOf(
      jobs.map((job) => errorOf([job])).sort((a, b) => a - b),
      0.95,
    ),
    grantsPerJob: jobs.reduce((sum, job) => sum + job.grants, 0) / jobs.length,
  };
}

function errorOf(jobs: readonly { got: number; due: number }[]): number {
  const due = jobs.reduce((sum, job) => sum + job.due, 0);
  return Math.abs(jobs.reduce((sum, job) => sum + job.got, 0) - due) / due;
}
