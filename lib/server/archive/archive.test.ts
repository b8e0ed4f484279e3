import { afterAll, beforeAll, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { GrantView } from "#lib/protocol/exchange/exchange.ts";
import { sweep } from "#lib/server/background/sweep.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { getJobHistory } from "#lib/server/jobs/insight/get-job-history.ts";
import { listFailures } from "#lib/server/jobs/insight/list-failures.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { listReceipts } from "#lib/server/receipts/list-receipts.ts";
import { getJobMap } from "#lib/server/shards/get-job-map.ts";
import { listShards } from "#lib/server/shards/list-shards.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { transaction } from "../db/transaction.ts";
import { archiveJobs } from "./archive-jobs.ts";
import { ARCHIVE_SHARDS, moveBlock } from "./archive-store.ts";

const SHARDS = ARCHIVE_SHARDS + 40;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  await services.close();
});

const truth = (no: number) => `output of ${no}\n`;

/** A job of two replicas a shard that is over: one shard failed for everybody, in one a device was wrong, and one device wrote a log. */
async function oldJob() {
  await services.db`update job_cursors set state = 'cancelled' where state = 'running'`;
  const { accountId, ctx: owner } = await makeAccount(services);
  const { jobId } = await makeJob(services, accountId, { shardCount: SHARDS, quorum: 2, replicasMax: 5, priceMicro: 10n });
  const snapshot = new JobSnapshot(services);
  const made = await Promise.all([0, 1, 2].map(() => makeDevice(services)));
  const [a, b, c] = made.map(({ ctx }) => new DrivenDevice(ctx, snapshot)) as [DrivenDevice, DrivenDevice, DrivenDevice];
  const reportFor = (device: DrivenDevice, grant: GrantView) => {
    const report = reportOf(grant, truth);
    report.results = report.results.map((result) => {
      if (result.no === 7) return { no: 7, outcome: "exit_code", exitCode: 3, durationMs: 4, stderr: "line 7 is empty" };
      if (result.no === 9 && device === b) return okResult(9, "something else");
      return { ...result, stderr: `log of ${result.no}` };
    });
    return report;
  };
  const compute = async (device: DrivenDevice) => {
    for (;;) {
      const { grants } = await device.exchange({ shards: 512 });
      if (grants.length === 0) return;
      for (const grant of grants) await device.exchange({ reports: [reportFor(device, grant)] });
    }
  };
  for (const device of [a, b, c]) await compute(device);
  await sweep(services);
  expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: SHARDS - 1, failedCount: 1 });
  return { jobId, owner, devices: made };
}

/** As `lib/server/artifacts/collect` does it when its time has come, with what devices are known by folded. */
async function letFilesGo(jobId: JobId): Promise<void> {
  await services.db`update grants set unfolded_since = null where job_id = ${uuidOf(jobId)}`;
  await services.db`update jobs set files_gone_at = ${services.clock.now()} where id = ${uuidOf(jobId)}`;
}

/** Everything that somebody may ask of a job after it ended. */
async function lookAt({ jobId, owner, devices }: Awaited<ReturnType<typeof oldJob>>) {
  const parts: Uint8Array[] = [];
  for await (const part of (await getResults(owner, { jobId })).body) parts.push(part);
  const shards = [
    { jobId, no: 7 },
    { jobId, no: 9 },
    { jobId, no: SHARDS - 1 },
  ];
  const page = { jobId, limit: 50 };
  return {
    job: await getJob(owner, { jobId }),
    result: Buffer.concat(parts).toString(),
    shards: await listShards(owner, { ...page, after: -1 }),
    lastShards: await listShards(owner, { ...page, after: SHARDS - 20 }),
    failures: await listFailures(owner, { jobId }),
    history: await getJobHistory(owner, { jobId }),
    map: (await getJobMap(owner, { jobId, from: 0 })).runs,
    receipts: await Promise.all(devices.map(({ ctx }) => listReceipts(ctx, { shards }))),
    ledger: await checkLedger(services.db),
  };
}

const countRows = async (table: "results" | "grants" | "result_archives", jobId: JobId) =>
  (await services.db`select 1 from ${services.db(table)} where job_id = ${uuidOf(jobId)}`).length;

test("what anybody may ask of an old job is answered alike before and after its replicas were archived, and while half of them are", async () => {
  const old = await oldJob();
  const { jobId } = old;
  const before = await lookAt(old);
  expect(before.ledger).toEqual([]);
  expect(before.receipts.flatMap(({ receipts }) => receipts)).toHaveLength(7);
  expect(JSON.stringify(before.shards)).toContain("log of 3");
  expect(await archiveJobs(services)).toEqual({ archived: 0 });
  await letFilesGo(jobId);
  await transaction(services.db, (tx) => moveBlock(tx, jobId, 0));
  expect(await lookAt(old)).toEqual(before);
  const replicas = 2 * SHARDS + 1;
  expect(await countRows("results", jobId)).toBeLessThan(replicas);
  expect(await archiveJobs(services)).toEqual({ archived: 1 });
  expect(await archiveJobs(services)).toEqual({ archived: 0 });
  expect(await lookAt(old)).toEqual(before);
  expect([await countRows("results", jobId), await countRows("grants", jobId), await countRows("result_archives", jobId)]).toEqual([0, 0, 2]);
  const [row] = await services.db<{ count: number }[]>`select sum(cardinality(shard_nos))::int as count from result_archives where job_id = ${uuidOf(jobId)}`;
  expect(row?.count).toBe(replicas);
  // As docs/operations/trusted-devices.md asks what a device took part in.
  const reported = await services.db`
    select job_id, no, outcome, agreed from result_archives, unnest(shard_nos, device_ids, outcomes, agreeds, reported_ats) as r (no, device_id, outcome, agreed, reported_at)
      where device_id = ${uuidOf(old.devices[0]?.deviceId ?? "dev_")} order by reported_at`;
  expect(reported).toHaveLength(SHARDS);
});

test("a job that somebody may still ask to compute, check or pay for is left as it is", async () => {
  const { jobId } = await oldJob();
  const id = uuidOf(jobId);
  await letFilesGo(jobId);
  const { db, clock } = services;
  const held: Record<string, [hold: () => PromiseLike<unknown>, release: () => PromiseLike<unknown>]> = {
    "its files are kept": [() => db`update jobs set files_gone_at = null where id = ${id}`, () => letFilesGo(jobId)],
    "its pay has not vested": [
      () => db`insert into job_windows (job_id, window_no, assurance, shards) values (${id}, 1, 'standard', 1)`,
      () => db`delete from job_windows where job_id = ${id}`,
    ],
    "a grant was not folded": [
      () => db`update grants set unfolded_since = ${clock.now()} where job_id = ${id}`,
      () => db`update grants set unfolded_since = null where job_id = ${id}`,
    ],
    "a grant was not tallied": [
      () => db`update grants set untallied_since = ${clock.now()} where job_id = ${id}`,
      () => db`update grants set untallied_since = null where job_id = ${id}`,
    ],
  };
  for (const [why, [hold, release]] of Object.entries(held)) {
    await hold();
    expect(await archiveJobs(services), why).toEqual({ archived: 0 });
    await release();
  }
  expect(await archiveJobs(services)).toEqual({ archived: 1 });
});

test("a late report about an archived job is acknowledged and changes nothing", async () => {
  const { jobId, devices } = await oldJob();
  const [grant] = await services.db<
    { id: string }[]
  >`select replace(id::text, '-', '') as id from grants where job_id = ${uuidOf(jobId)} and device_id = ${uuidOf(devices[0]?.deviceId ?? "dev_")} limit 1`;
  await letFilesGo(jobId);
  await archiveJobs(services);
  const device = new DrivenDevice(devices[0]?.ctx as NonNullable<(typeof devices)[0]>["ctx"], new JobSnapshot(services));
  device.seq = 10_000;
  const { acks } = await device.exchange({ reports: [{ jobId, grantId: `grt_${grant?.id}`, results: [okResult(0, truth(0))] }] });
  expect(acks).toEqual([{ jobId, grantId: `grt_${grant?.id}`, state: "unknown" }]);
  expect(await countRows("results", jobId)).toBe(0);
  expect(await checkLedger(services.db)).toEqual([]);
});
