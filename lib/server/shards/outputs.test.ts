import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { getOutput } from "./get-output.ts";
import { listOutputs } from "./list-outputs.ts";

let services: TestServices;
let owner: Awaited<ReturnType<typeof makeAccount>>;
let jobId: `job_${string}`;

beforeAll(async () => {
  services = await openTestServices();
  owner = await makeAccount(services);
  ({ jobId } = await makeJob(services, owner.accountId, { shardCount: 5, quorum: 1 }));
  const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
  const { grants } = await device.exchange({ shards: 4 });
  const outcomes = grants.flatMap(({ jobId: job, grantId, fromNo, toNo }) =>
    Array.from({ length: toNo - fromNo }, (_, i) => fromNo + i).map((no) => ({
      jobId: job,
      grantId,
      results: [no === 2 ? { no, outcome: "exit_code" as const, exitCode: 3, durationMs: 1 } : okResult(no, `output ${no}`)],
    })),
  );
  await device.exchange({ reports: outcomes.filter(({ results }) => (results[0]?.no ?? 9) !== 1) });
});
afterAll(async () => await services.close());

const bytesOf = async (no: number) => {
  const { body } = await getOutput(owner.ctx, { jobId, no });
  const chunks: Uint8Array[] = [];
  for await (const chunk of body) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
};

describe("outputs of a job", () => {
  test("are listed in order as far as there are verdicts, failed ones with their reason, page by page", async () => {
    const first = await listOutputs(owner.ctx, { jobId, after: -1, limit: 2 });
    expect(first.outputs.map(({ no, verdict, reason, output }) => [no, verdict, reason?.code ?? null, output && atob(output)])).toEqual([
      [0, "accepted", null, "output 0"],
      [2, "failed", "shard_failed_alike", null],
    ]);
    expect(first.next).toBe(2);
    expect(await listOutputs(owner.ctx, { jobId, after: 2, limit: 2 })).toMatchObject({ outputs: [{ no: 3, outputBytes: 8 }], next: null });
  });

  test("are read one by one; what has none says why", async () => {
    expect(await bytesOf(3)).toBe("output 3");
    await expect(bytesOf(1)).rejects.toMatchObject({ code: "result_not_ready" });
    await expect(bytesOf(2)).rejects.toMatchObject({ code: "conflict" });
    await expect(bytesOf(5)).rejects.toMatchObject({ code: "not_found" });
    await cancelJob(owner.ctx, { jobId });
    await expect(bytesOf(1)).rejects.toMatchObject({ code: "conflict" });
    expect(await bytesOf(0)).toBe("output 0");
  });

  test("of somebody else look like none, and a key needs its scope", async () => {
    const { ctx } = await makeAccount(services);
    await expect(listOutputs(ctx, { jobId, after: -1, limit: 1 })).rejects.toMatchObject({ code: "not_found" });
    await expect(getOutput(ctx, { jobId, no: 0 })).rejects.toMatchObject({ code: "not_found" });
    const weak = { ...owner.ctx, principal: { ...owner.ctx.principal, scopes: ["jobs:write"] as const } };
    await expect(listOutputs(weak, { jobId, after: -1, limit: 1 })).rejects.toMatchObject({ code: "key_scope", params: { scope: "jobs:read" } });
    await expect(getOutput(weak, { jobId, no: 0 })).rejects.toMatchObject({ code: "key_scope" });
  });
});
