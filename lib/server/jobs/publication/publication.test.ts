import { afterAll, beforeAll, expect, test } from "vitest";
import { publicJob } from "#lib/protocol/jobs/publication.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { JobSnapshot } from "../../exchange/job-snapshot.ts";
import { getPublicJob, getPublicResult } from "./get-public-job.ts";
import { deletePublications } from "./publication-store.ts";
import { getPublication, publishJob, unpublishJob } from "./publish-job.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context;
let anybody: Context;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
  stranger = (await makeAccount(services)).ctx;
  anybody = { ...services, principal: { kind: "anonymous" } };
});
afterAll(async () => await services.close());

async function textOf(ctx: Context, jobId: Parameters<typeof getPublicResult>[1]["jobId"]): Promise<string> {
  const { body } = await getPublicResult(ctx, { jobId });
  let text = "";
  for await (const part of body) text += new TextDecoder().decode(part);
  return text;
}

test("everybody reads a job and its result once its owner published it, and no longer than that", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId, { shardCount: 3 });
  await expect(getPublicJob(anybody, { jobId })).rejects.toMatchObject({ code: "not_found" });
  await expect(getPublicResult(anybody, { jobId })).rejects.toMatchObject({ code: "not_found" });
  const { publishedAt } = await publishJob(owner, { jobId });
  expect(await getPublicJob(anybody, { jobId })).toMatchObject({ acceptedCount: 0, errorBound: null });
  await expect(getPublicResult(anybody, { jobId })).rejects.toMatchObject({ code: "result_not_ready" });

  for (let i = 0; i < 2; i++) {
    const device = new DrivenDevice((await makeDevice(services)).ctx, new JobSnapshot(services));
    const { grants } = await device.exchange({ shards: 3 });
    await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `${no}`)) });
  }
  const seen = publicJob.parse(await getPublicJob(anybody, { jobId }));
  expect(seen).toMatchObject({ acceptedCount: 3, assurance: "instant", errorBound: 0.01, publishedAt, program: { args: ["{from}", "{to}"] } });
  expect(seen.owner).toMatch(/^0x[0-9a-f]{4}…[0-9a-f]{4}$/);
  expect(JSON.stringify(seen)).not.toContain(owner.principal.address);
  expect(await textOf(anybody, jobId)).toBe("012");

  services.clock.advance(1000);
  expect(await publishJob(owner, { jobId })).toEqual({ publishedAt });
  expect(await unpublishJob(owner, { jobId })).toEqual({ publishedAt: null });
  await expect(getPublicJob(anybody, { jobId })).rejects.toMatchObject({ code: "not_found" });
});

test("nobody publishes somebody else's job, and a key that may only read publishes none", async () => {
  const { jobId } = await makeJob(services, owner.principal.accountId);
  for (const act of [publishJob, unpublishJob, getPublication]) {
    await expect(act(stranger, { jobId })).rejects.toMatchObject({ code: "not_found" });
    await expect(act(anybody, { jobId })).rejects.toMatchObject({ code: "unauthenticated" });
  }
  const reader = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read" as const] } };
  expect(await getPublication(reader, { jobId })).toEqual({ publishedAt: null });
  for (const act of [publishJob, unpublishJob]) await expect(act(reader, { jobId })).rejects.toMatchObject({ code: "key_scope" });
});

test("who deletes an account takes its public pages along, and nobody else's", async () => {
  const other = (await makeAccount(services)).ctx;
  const [mine, theirs] = [await makeJob(services, owner.principal.accountId), await makeJob(services, other.principal.accountId)];
  await publishJob(owner, mine);
  await publishJob(other, theirs);
  await transaction(services.db, (tx) => deletePublications(tx, owner.principal.accountId));
  expect(await getPublication(owner, mine)).toEqual({ publishedAt: null });
  expect((await getPublication(other, theirs)).publishedAt).not.toBeNull();
});
