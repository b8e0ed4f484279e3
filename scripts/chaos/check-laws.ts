import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { join } from "node:path";
import { uuidOf } from "#lib/domain/ids.ts";
import type { Db } from "#lib/server/db/client.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import type { ChaosOwner } from "./chaos-owner.ts";
import type { LawWatcher } from "./watch-laws.ts";

/** A law of the design, what of it the run proves, and what speaks against it. */
export type CheckedLaw = { law: string; problems: string[] };
export type Evidence = { db: Db; blobFolder: string; owner: ChaosOwner; watcher: LawWatcher };

/** Checks everything that must hold however the run went, on an instance that has come to rest. */
export async function checkLaws(evidence: Evidence): Promise<CheckedLaw[]> {
  const { db, owner, watcher } = evidence;
  await watcher.look();
  return [
    ...(await checkVerdicts(db)),
    ...Object.entries(watcher.problems).map(([law, problems]) => ({ law, problems })),
    ...(await checkMoney(db)),
    ...(await checkIndependence(db)),
    { law: "every result is right to the byte", problems: await findWrongResults(evidence) },
    { law: "no submitted job is lost", problems: await findLostJobs(evidence) },
    { law: "every artifact has its bytes", problems: await findBrokenArtifacts(evidence) },
    { law: "owners are told nothing but the truth", problems: owner.complaints },
  ];
}

/** Rows of a query whose every row is a violation, in words. */
async function violations(rows: PromiseLike<readonly { problem: string }[]>): Promise<string[]> {
  return (await rows).map(({ problem }) => problem);
}

async function checkVerdicts(db: Db): Promise<CheckedLaw[]> {
  return [
    {
      law: "a shard of a finished job has exactly one verdict",
      problems: await violations(db`
        select j.id || ' has ' || coalesce(s.decided, 0) || ' verdicts for ' || j.shard_count || ' shards' as problem from jobs j
        left join (select job_id, count(*) filter (where verdict <> 'open') as decided from shards group by job_id) s on s.job_id = j.id
        where j.state = 'final' and coalesce(s.decided, 0) <> j.shard_count`),
    },
    {
      law: "no job and no shard stays undecided",
      problems: await violations(db`
        select id || ' is still ' || state as problem from jobs where state not in ('final', 'cancelled', 'failed')
        union all select job_id || '/' || id || ' waits for its tally' from grants where untallied_since is not null`),
    },
    {
      law: "an accepted output was reported by as many independent devices as the job asks for",
      problems: await violations(db`
        select s.job_id || '/' || s.no || ' has ' || v.votes || ' votes' as problem from shards s join jobs j on j.id = s.job_id
        cross join lateral (select count(distinct r.voter_id) as votes from results r
          where r.job_id = s.job_id and r.shard_no = s.no and r.round = s.round and r.outcome = 'ok' and r.digest = s.digest and r.agreed = 'yes') v
        where s.verdict = 'accepted' and v.votes < (j.spec->'verification'->>'quorum')::int`),
    },
    {
      law: "counters say what the shards say",
      problems: await violations(db`
        select j.id || ' counts ' || c.accepted || ' + ' || c.failed || ' and has ' || s.accepted || ' + ' || s.failed as problem from jobs j
        cross join lateral (select coalesce(sum(accepted), 0) as accepted, coalesce(sum(failed), 0) as failed from job_counters where job_id = j.id) c
        cross join lateral (select count(*) filter (where verdict = 'accepted') as accepted, count(*) filter (where verdict = 'failed') as failed
          from shards where job_id = j.id) s
        where c.accepted <> s.accepted or c.failed <> s.failed`),
    },
  ];
}

async function checkMoney(db: Db): Promise<CheckedLaw[]> {
  const ledger = (await checkLedger(db)).map(({ law, where, amountMicro }) => `${law}: ${where} is off by ${amountMicro}`);
  return [
    { law: "the ledger holds, and every settled replica is paid exactly once", problems: ledger },
    {
      law: "what owners put in is escrow, fees, earnings and refunds",
      problems: await violations(db`
        select job_id || ' is off by ' || sum(amount_micro) as problem from job_postings group by job_id having sum(amount_micro) <> 0`),
    },
    {
      law: "on chain no more can be claimed than was deposited",
      problems: await violations(db`
        select 'published ' || p.published || ' of ' || p.deposited as problem from (
          select coalesce(sum(amount_micro) filter (where side = 'published'), 0) as published, -coalesce(sum(amount_micro) filter (where side = 'chain'), 0) as deposited
          from account_postings) p where p.published > p.deposited`),
    },
    {
      law: "no grant holds money after its job is over",
      problems: await violations(db`
        select c.job_id || ' has committed ' || c.committed_micro || ' of ' || c.budget_micro as problem from job_cursors c
        where c.committed_micro < 0 or c.committed_micro > c.budget_micro`),
    },
  ];
}

async function checkIndependence(db: Db): Promise<CheckedLaw[]> {
  return [
    {
      law: "two replicas of a shard come from different devices and accounts",
      problems: await violations(db`
        select r.job_id || '/' || r.shard_no || ' has two results of ' || d.account_id as problem from results r join devices d on d.id = r.device_id
          where d.account_id is not null and r.reported_at > d.linked_at group by r.job_id, r.shard_no, r.round, d.account_id having count(*) > 1
        union all
        select job_id || '/' || shard_no || ' has two results of device ' || device_id from results group by job_id, shard_no, round, device_id having count(*) > 1`),
    },
    {
      law: "a device reports only what it was granted",
      problems: await violations(db`
        select r.job_id || '/' || r.shard_no || ' by ' || r.device_id as problem from results r
        left join grants g on g.job_id = r.job_id and g.id = r.grant_id
        where g.id is null or g.device_id <> r.device_id or r.shard_no < g.from_no or r.shard_no >= g.to_no`),
    },
  ];
}

/** Results of all finished jobs whose input the owner knows, also of those whose submission was answered to nobody. */
async function findWrongResults({ db, owner }: Evidence): Promise<string[]> {
  const expected = new Map(owner.submitted.map(({ id, job }) => [uuidOf(id), job.expectedSha256]));
  const problems: string[] = [];
  for (const { id, job } of owner.submitted) {
    const [row] = await db<{ state: string; failed: number }[]>`
      select state, (select count(*)::int from shards s where s.job_id = j.id and verdict = 'failed') as failed from jobs j where id = ${uuidOf(id)}`;
    if (row?.state !== "final") continue;
    if (row.failed > 0) problems.push(`${id} (${job.topic}): ${row.failed} shards failed, and none should`);
    const bytes = await owner.download(id);
    const got = bytes ? createHash("sha256").update(bytes).digest("hex") : "nothing";
    if (got !== expected.get(uuidOf(id))) problems.push(`${id} (${job.topic}) is not what it has to be`);
  }
  return problems;
}

async function findLostJobs({ db, owner }: Evidence): Promise<string[]> {
  const rows = await db<{ id: string; state: string }[]>`select id, state from jobs`;
  const states = new Map(rows.map(({ id, state }) => [id.replaceAll("-", ""), state]));
  return owner.submitted.flatMap(({ id, isCancelled }) => {
    const state = states.get(uuidOf(id).replaceAll("-", ""));
    if (state === undefined) return [`${id} is gone`];
    return state === "final" || (isCancelled && state === "cancelled") ? [] : [`${id} ended as ${state}`];
  });
}

async function findBrokenArtifacts({ db, blobFolder }: Evidence): Promise<string[]> {
  const problems: string[] = [];
  for (const { sha256 } of await db<{ sha256: string }[]>`select sha256 from artifacts`) {
    const path = join(blobFolder, sha256.slice(0, 2), sha256.slice(2));
    if (!existsSync(path)) problems.push(`${sha256} has no bytes`);
    else if ((await digestOf(path)) !== sha256) problems.push(`${sha256} has other bytes`);
  }
  return problems;
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const part of createReadStream(path)) hash.update(part as Buffer);
  return hash.digest("hex");
}
