import { setTimeout as sleep } from "node:timers/promises";
import { addJob, type World } from "#bench/exchange/world.ts";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import { makeAccount } from "#lib/testing/builders.ts";

const SHARDS = 10;
const POLL_MS = 50;
const WAIT_MS_MAX = 60_000;
/** They come at different moments between two readings of which jobs run. */
const APART_MS = 370;

export type Answered = { firstGrantS: number; doneS: number };

/** Submits small jobs one after the other while all others run, of new owners and of owners with many jobs in turn; says how long the slowest waited. */
export async function measureLatecomers(world: World, count: number): Promise<Answered> {
  const slowest: Answered = { firstGrantS: 0, doneS: 0 };
  for (let i = 0; i < count; i++) {
    const accountId = i % 2 === 0 ? (await makeAccount(world.services, 10n ** 12n)).accountId : (world.accountIds[i % world.accountIds.length] as AccountId);
    const { firstGrantS, doneS } = await measureOne(world, accountId);
    slowest.firstGrantS = Math.max(slowest.firstGrantS, firstGrantS);
    slowest.doneS = Math.max(slowest.doneS, doneS);
    await sleep(APART_MS);
  }
  return slowest;
}

async function measureOne({ services }: World, accountId: AccountId): Promise<Answered> {
  const jobId = await addJob(services, accountId, { shardCount: SHARDS, weight: 1 });
  for (let waitedMs = 0; waitedMs < WAIT_MS_MAX; waitedMs += POLL_MS) {
    await sleep(POLL_MS);
    const [row] = await services.db<{ done: number; first_grant: number; done_s: number }[]>`
      select (select count(*)::int from shards s where s.job_id = j.id) as done,
        extract(epoch from (select min(granted_at) from grants g where g.job_id = j.id) - j.created_at)::float8 as first_grant,
        extract(epoch from (select max(decided_at) from shards s where s.job_id = j.id) - j.created_at)::float8 as done_s
      from jobs j where j.id = ${uuidOf(jobId)}`;
    if (row?.done === SHARDS) return { firstGrantS: row.first_grant, doneS: row.done_s };
  }
  throw new Error(`A job of ${SHARDS} shards was not done within ${WAIT_MS_MAX / 1000} s.`);
}
