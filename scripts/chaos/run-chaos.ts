import { setTimeout as sleep } from "node:timers/promises";
import { createRandom } from "#bench/trust/random.ts";
import { type Db, openDatabase } from "#lib/server/db/client.ts";
import { type Breakable, breakInstance } from "./break-instance.ts";
import { type ChaosInstance, type ChaosSetting, openChaosInstance } from "./chaos-instance.ts";
import { ChaosOwner } from "./chaos-owner.ts";
import { type CheckedLaw, checkLaws } from "./check-laws.ts";
import { type Crowd, closeCrowd, openCrowd } from "./crowd.ts";
import { type PlannedFault, planFaults } from "./plan-faults.ts";
import { LawWatcher } from "./watch-laws.ts";

const OPEN_JOBS_MAX = 6;
const LOOK_EVERY_MS = 250;
/** After the last fault a job is submitted that nothing troubles any more. */
const CANARY_SHARDS = 20;

export type ChaosOptions = Pick<ChaosSetting, "folder" | "door"> & {
  seed: number;
  /** How long faults happen, in seconds. */
  seconds: number;
  light: number;
  processes: number;
  /** How long after the last fault everything may take to come to rest, in milliseconds. */
  recoveryMsMax: number;
  say(line: string): void;
};
export type ChaosReport = {
  faults: number;
  jobs: number;
  verdicts: number;
  /** How long it took after the last fault until every job had ended; null when it did not. */
  recoveredMs: number | null;
  requests: Record<string, number>;
  laws: CheckedLaw[];
};

/** Runs an instance under fire for a while, lets it recover, and checks every law. The seed decides faults, jobs and what devices do. */
export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { seed, say } = options;
  const instance = await openChaosInstance({ ...options, random: createRandom(seed) });
  const db = openDatabase(instance.database.url, { connectionsMax: 2, applicationName: "shoal chaos" });
  let crowd: Crowd | null = null;
  try {
    crowd = await openCrowd(instance, { ...options, seed });
    const owner = await ChaosOwner.create(instance, createRandom(seed + 1));
    say(`${instance.apps.length} apps, ${crowd.light.length + crowd.processes.length} devices; artifacts lie on ${instance.disk.kind}.`);
    const watcher = new LawWatcher(db);
    const world: Breakable = { instance, crowd };
    const faults = planFaults(options.seconds * 1000, createRandom(seed + 2));
    const atWork = await underFire({ world, owner, watcher, faults, say });
    const recoveredMs = await recover({ db, owner, atWork: atWork.rest, recoveryMsMax: options.recoveryMsMax });
    const restless = recoveredMs === null ? await describeRestless(db) : [];
    await closeCrowd(crowd);
    const laws = await checkLaws({ db, blobFolder: instance.disk.folder, owner, watcher });
    return {
      faults: faults.length,
      recoveredMs,
      requests: { ...instance.proxy.counts },
      ...(await countDone(db)),
      laws: [...laws, ...checkParts(instance, crowd), { law: "the instance recovers by itself", problems: restless }],
    };
  } finally {
    if (crowd) await closeCrowd(crowd);
    await db.end({ timeout: 5 });
    await instance.close();
  }
}

type Battle = { world: Breakable; owner: ChaosOwner; watcher: LawWatcher; faults: readonly PlannedFault[]; say(line: string): void };

/** Lets all faults happen while jobs are submitted; `rest` is what the owner still has under way then. */
async function underFire({ world, owner, watcher, faults, say }: Battle): Promise<{ rest: Promise<unknown> }> {
  let isOver = false;
  const beganMs = performance.now();
  const since = () => performance.now() - beganMs;
  const work = Promise.all([owner.submitUntil(() => isOver, OPEN_JOBS_MAX), watcher.watchUntil(() => isOver)]);
  world.instance.proxy.weather = "fair";
  await Promise.all(
    faults.map(async (fault) => {
      await sleep(Math.max(0, fault.atMs - since()));
      const startedMs = since();
      const what = await breakInstance(world, fault);
      say(`${inSeconds(startedMs)} to ${inSeconds(since())}  ${fault.kind}: ${what}`);
    }),
  );
  world.instance.proxy.weather = "clear";
  isOver = true;
  return { rest: work };
}

/** Waits until every job has ended, a fresh one among them; null when that takes too long. */
async function recover(of: { db: Db; owner: ChaosOwner; atWork: Promise<unknown>; recoveryMsMax: number }): Promise<number | null> {
  const { db, owner, atWork, recoveryMsMax } = of;
  const beganMs = performance.now();
  await Promise.race([atWork, sleep(recoveryMsMax)]);
  const canary = await owner.submit("quorum", CANARY_SHARDS);
  while (performance.now() - beganMs < recoveryMsMax) {
    const [row] = await db<{ open: number; untallied: number }[]>`
      select (select count(*)::int from jobs where state not in ('final', 'cancelled', 'failed')) as open,
        (select count(*)::int from grants where untallied_since is not null) as untallied`;
    if (canary && row?.open === 0 && row.untallied === 0) return Math.round(performance.now() - beganMs);
    await sleep(LOOK_EVERY_MS);
  }
  return null;
}

/** What has not ended in time, and what of it is where: enough to see who is waited for. */
async function describeRestless(db: Db): Promise<string[]> {
  const jobs = await db<
    { id: string; topic: string; state: string; heads: string; shards: number; decided: number; grants: string | null; wants: string | null; held: number }[]
  >`
    select j.id, j.spec->>'topic' as topic, j.state, c.heads::text as heads, j.shard_count as shards,
      (select count(*)::int from shards s where s.job_id = j.id and s.verdict <> 'open') as decided,
      (select string_agg(g.state || ' ' || g.lane || ' ' || g.from_no || '-' || g.to_no || ' until ' || g.deadline_at, ', ') from grants g where g.job_id = j.id and g.state = 'open') as grants,
      (select string_agg(w.kind || ' ' || w.lane || ' ' || w.from_no || '-' || w.to_no || ' round ' || w.round || ' without ' || cardinality(w.excluded), ', ')
        from wanted w where w.job_id = j.id and w.taken_at is null) as wants,
      (select count(*)::int from job_windows w where w.job_id = j.id) as held
    from jobs j join job_cursors c on c.job_id = j.id where j.state not in ('final', 'cancelled', 'failed')`;
  const [row] = await db<{ untallied: number }[]>`select count(*)::int as untallied from grants where untallied_since is not null`;
  return [
    ...jobs.map(
      (job) =>
        `${job.topic} ${job.id} is ${job.state}: heads ${job.heads}, ${job.decided} of ${job.shards} decided, ${job.held} windows; granted: ${job.grants ?? "nothing"}; wanted: ${job.wants ?? "nothing"}`,
    ),
    `${jobs.length} jobs have not ended, ${row?.untallied ?? 0} grants wait for a tally`,
  ];
}

/** What the parts of the instance themselves say: nobody ended on its own, no device was refused what it may, no deployment lost a request. */
function checkParts(instance: ChaosInstance, crowd: Crowd): CheckedLaw[] {
  const ended = [...instance.servers, ...crowd.processes].filter((process) => process.endsByItself > 0);
  const complaints = crowd.light.flatMap((device) => [...device.complaints].map(([code, count]) => `${code}, ${count} times`));
  const { lostWhileDraining } = instance.proxy;
  return [
    { law: "no process ends because another one is away", problems: ended.map((process) => `${process.name}, ${process.endsByItself} times`) },
    { law: "no device is refused what it may do", problems: complaints },
    { law: "a rolling restart loses no request", problems: lostWhileDraining > 0 ? [`${lostWhileDraining} requests`] : [] },
  ];
}

async function countDone(db: Db): Promise<{ jobs: number; verdicts: number }> {
  const [row] = await db<{ jobs: number; verdicts: number }[]>`
    select (select count(*)::int from jobs where state = 'final') as jobs, (select count(*)::int from shards where verdict <> 'open') as verdicts`;
  return { jobs: row?.jobs ?? 0, verdicts: row?.verdicts ?? 0 };
}

function inSeconds(ms: number): string {
  return `${(ms / 1000).toFixed(1).padStart(6)} s`;
}
