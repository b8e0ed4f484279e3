import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { makeAccount } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission } from "#lib/testing/submission.ts";
import { listAssurances } from "../../trust/list-assurances.ts";
import { createJob } from "../create-job.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(async () => {
  await services.close();
});

describe("a young instance without a trusted device", () => {
  test("gives a job that names no class two agreeing replicas", async () => {
    const { ctx } = await makeAccount(services);
    const view = await createJob(ctx, await makeSubmission(ctx));
    expect(view.verification).toEqual({ assurance: "instant", quorum: 2, replicasMax: 5 });
    expect(await listAssurances({ ...services, principal: { kind: "anonymous" } })).toMatchObject({ default: "instant", windowResults: 0 });
  });

  test.each(["economy", "standard", "high", "critical"] as const)("422: refuses %s, which it could not check, and leaves nothing behind", async (assurance) => {
    const { ctx } = await makeAccount(services);
    const submission = await makeSubmission(ctx, { verification: { assurance } });
    const before = await countRows(services.db);
    await expect(createJob(ctx, submission)).rejects.toMatchObject({ code: "assurance_unavailable", params: { assurance } });
    expect(await countRows(services.db)).toEqual(before);
  });
});
