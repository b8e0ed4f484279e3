import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { countStates, MARKS_MAX } from "#lib/domain/job/shard-map.ts";
import { getJobMap as endpoint } from "#lib/protocol/jobs/jobs.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { endJob } from "../jobs/end-job.ts";
import { getJobMap } from "./get-job-map.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let snapshot: JobSnapshot;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 10_000_000_000n)).ctx;
});
beforeEach(async () => {
  const others = await services.db<{ id: string }[]>`select id from jobs where state = 'running'`;
  for (const { id } of others) await endJob(services, { jobId: `job_${id.replaceAll("-", "")}`, state: "cancelled" });
  snapshot = new JobSnapshot(services);
});
afterAll(() => services.close());

const newDevice = async () => new DrivenDevice((await makeDevice(services)).ctx, snapshot);
const runsOf = async (jobId: JobId, from = 0) => endpoint.output.parse(await getJobMap(owner, { jobId, from })).runs;

describe("the map of a job", () => {
  test("200: shards wait, are granted to a device, reported, accepted", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 6 });
    expect(await runsOf(jobId)).toEqual([{ state: "waiting", fromNo: 0, toNo: 6 }]);

    const first = await newDevice();
    const [grant] = (await first.exchange({ shards: 4 })).grants;
    if (!grant) throw new Error("no grant");
    const device = first.deviceId;
    expect(await runsOf(jobId)).toEqual([
      { state: "granted", fromNo: 0, toNo: 4, device },
      { state: "waiting", fromNo: 4, toNo: 6 },
    ]);

    const { jobId: ofJob, grantId } = grant;
    await first.exchange({ reports: [{ jobId: ofJob, grantId, results: [okResult(0, "a"), okResult(1, "b")] }], running: [{ jobId: ofJob, grantId }] });
    expect(await runsOf(jobId)).toEqual([
      { state: "reported", fromNo: 0, toNo: 2 },
      { state: "granted", fromNo: 2, toNo: 4, device },
      { state: "waiting", fromNo: 4, toNo: 6 },
    ]);

    const second = await newDevice();
    const [check] = (await second.exchange({ shards: 1 })).grants;
    if (!check) throw new Error("no grant");
    await second.exchange({ reports: [reportOf(check, () => "a")] });
    const after = await runsOf(jobId);
    expect(after[0]).toEqual({ state: "accepted", fromNo: 0, toNo: 1 });
    expect(after[1]).toEqual({ state: "reported", fromNo: 1, toNo: 2 });
  });

  test("200: a replica that disagreed makes an accepted shard wrong; failed ones are failed; from leaves out whole marks before it", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 4 });
    for (const lie of [true, false, false]) {
      const device = await newDevice();
      const { grants } = await device.exchange({ shards: 4 });
      await device.exchange({
        reports: grants.map(({ jobId: ofJob, grantId, fromNo, toNo }) => ({
          jobId: ofJob,
          grantId,
          results: Array.from({ length: toNo - fromNo }, (_, i) => {
            const no = fromNo + i;
            if (no === 3) return { no, outcome: "exit_code" as const, exitCode: 2, durationMs: 5 };
            return okResult(no, lie && no === 1 ? "a lie" : `${no}`);
          }),
        })),
      });
    }
    const all = [
      { state: "accepted", fromNo: 0, toNo: 1 },
      { state: "wrong", fromNo: 1, toNo: 2 },
      { state: "accepted", fromNo: 2, toNo: 3 },
      { state: "failed", fromNo: 3, toNo: 4 },
    ];
    expect(await runsOf(jobId)).toEqual(all);
    expect(await runsOf(jobId, 2)).toEqual(all.slice(2));
    expect(await runsOf(jobId, 4)).toEqual([]);
  });

  test("200: a job larger than a map has marks of several shards, each with the state that asks most to be looked at", async () => {
    const shardCount = MARKS_MAX * 3 - 1;
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount, priceMicro: 1n });
    await services.db`
      insert into shards (job_id, no, verdict, outcome, decided_at)
      select ${uuidOf(jobId)}::uuid, no, case when no = 100 then 'failed' else 'accepted' end, 'ok', now() from generate_series(0, 9998) as no where no <> 7000`;
    const map = await getJobMap(owner, { jobId, from: 0 });
    expect(map).toEqual({
      shardCount,
      shardsPerMark: 3,
      version: "0",
      runs: [
        { state: "accepted", fromNo: 0, toNo: 99 },
        { state: "failed", fromNo: 99, toNo: 102, counts: { failed: 1, accepted: 2 } },
        { state: "accepted", fromNo: 102, toNo: 6999 },
        { state: "waiting", fromNo: 6999, toNo: 7002, counts: { waiting: 1, accepted: 2 } },
        { state: "accepted", fromNo: 7002, toNo: 9999 },
        { state: "waiting", fromNo: 9999, toNo: shardCount },
      ],
    });
    expect(countStates(map.runs)).toEqual({
      failed: 1,
      revoked: 0,
      wrong: 0,
      granted: 0,
      reported: 0,
      waiting: shardCount - 9998,
      provisional: 0,
      accepted: 9997,
    });
    expect((await getJobMap(owner, { jobId, from: 7000 })).runs[0]).toEqual(map.runs[3]);
  });

  test("200: however restless a job is, its map has at most 5,000 runs", async () => {
    const shardCount = 200_000;
    const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount, priceMicro: 1n });
    await services.db`
      insert into shards (job_id, no, verdict, outcome, decided_at)
      select ${uuidOf(jobId)}::uuid, no, case when no % 80 = 0 then 'failed' else 'accepted' end, 'ok', now() from generate_series(0, ${shardCount - 1}::int, 2) as no`;
    const { runs, shardsPerMark } = await getJobMap(owner, { jobId, from: 0 });
    expect(shardsPerMark).toBe(40);
    expect(runs.length).toBe(MARKS_MAX);
    expect(runs[0]).toEqual({ state: "failed", fromNo: 0, toNo: 40, counts: { failed: 1, waiting: 20, accepted: 19 } });
  });

  test("401, 403, 404: who may not read it", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    const stranger = (await makeAccount(services)).ctx;
    const input = { jobId, from: 0 };
    await expect(getJobMap({ ...services, principal: { kind: "anonymous" } }, input)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(getJobMap({ ...owner, principal: { ...owner.principal, scopes: ["jobs:write"] } }, input)).rejects.toMatchObject({ code: "key_scope" });
    await expect(getJobMap(stranger, input)).rejects.toMatchObject({ code: "not_found", params: { what: "job" } });
  });
});
