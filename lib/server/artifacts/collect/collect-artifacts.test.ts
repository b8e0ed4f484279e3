import { createHash } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { makeSubmission, upload } from "#lib/testing/submission.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { cancelJob } from "../../jobs/cancel-job.ts";
import { createJob } from "../../jobs/create-job.ts";
import { getJob } from "../../jobs/get-job.ts";
import { insertArtifact, insertJobArtifacts, insertOwner } from "../artifact-store.ts";
import { createUpload } from "../uploads/create-upload.ts";
import { collectArtifacts, UNUSED_MS } from "./collect-artifacts.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");
const newOwner = async (): Promise<Context<AccountPrincipal>> => (await makeAccount(services)).ctx;
const isHere = async (text: string) => (await services.blobs.size(sha256Of(text))) !== null;
const hasRow = async (sha256: string) => (await services.db`select 1 from artifacts where sha256 = ${sha256}`).length > 0;

const advance = (ms: number): void => services.clock.advance(ms);

test("an upload that no job uses goes a day after it came, with its bytes; sent or announced again it stays a day longer", async () => {
  const owner = await newOwner();
  for (const text of ["left alone", "sent again", "announced again"]) await upload(owner, "file", text);
  advance(UNUSED_MS - 1);
  expect(await collectArtifacts(services)).toMatchObject({ uploads: 0, artifacts: 0 });
  await upload(owner, "file", "sent again");
  expect(await createUpload(owner, { part: "file", sha256: sha256Of("announced again"), bytes: 15 })).toMatchObject({ state: "complete" });
  advance(2);
  expect(await collectArtifacts(services)).toMatchObject({ uploads: 1, artifacts: 1 });
  expect(await isHere("left alone")).toBe(false);
  expect(await hasRow(sha256Of("left alone"))).toBe(false);
  for (const text of ["sent again", "announced again"]) expect(await isHere(text), text).toBe(true);
});

test("what several accounts have goes with the last of them", async () => {
  const [early, late] = [await newOwner(), await newOwner()];
  await upload(early, "file", "of both");
  advance(UNUSED_MS / 2);
  await upload(late, "file", "of both");
  advance(UNUSED_MS / 2 + 1);
  await collectArtifacts(services);
  expect(await isHere("of both")).toBe(true);
  advance(UNUSED_MS / 2);
  await collectArtifacts(services);
  expect(await isHere("of both")).toBe(false);
});

test("a job keeps its program and input while it is open and until its time after it closed; its index and results stay", async () => {
  const owner = await newOwner();
  const inputText = "one\ntwo\nthree\n";
  const submission = await makeSubmission(owner, { inputText });
  const program = submission.program.artifact.sha256;
  const { id } = await createJob(owner, submission);
  const jobId = id as JobId;
  const result = sha256Of("a result");
  await services.blobs.put(
    (async function* () {
      yield new TextEncoder().encode("a result");
    })(),
    { bytesMax: 100 },
  );
  await transaction(services.db, async (tx) => {
    await insertArtifact(tx, { sha256: result, bytes: 8, at: services.clock.now() });
    await insertJobArtifacts(tx, jobId, [{ sha256: result, part: "output" }]);
  });
  advance(services.config.jobFilesMs + UNUSED_MS);
  await collectArtifacts(services);
  expect(await services.blobs.size(program)).not.toBeNull();

  await cancelJob(owner, { jobId });
  await services.db`update jobs set closed_at = ${services.clock.now()} where id = ${uuidOf(jobId)}`;
  advance(services.config.jobFilesMs);
  expect((await collectArtifacts(services)).jobs).toBe(0);
  advance(1);
  expect(await collectArtifacts(services)).toMatchObject({ jobs: 1, uploads: 2, artifacts: 2 });
  expect(await services.blobs.size(program)).toBeNull();
  expect(await isHere(inputText)).toBe(false);
  expect(await isHere("a result")).toBe(true);
  const [job] = await services.db<{ index_sha256: string | null }[]>`select index_sha256 from jobs where id = ${uuidOf(jobId)}`;
  if (job?.index_sha256) expect(await services.blobs.size(job.index_sha256)).not.toBeNull();
  expect(await getJob(owner, { jobId })).toMatchObject({ state: "cancelled" });
  await expect(createJob(owner, submission)).rejects.toMatchObject({ code: "artifact_missing" });
  expect((await collectArtifacts(services)).jobs).toBe(0);
});

test("attack: submissions that race the collection of what they name are whole or refused, never a job without its program", async () => {
  for (let round = 0; round < 12; round++) {
    const owner = await newOwner();
    const submission = await makeSubmission(owner, { inputText: `line ${round}\n`, name: `race ${round}` });
    const input = submission.input?.sha256 ?? "";
    advance(UNUSED_MS + 1);
    const [made] = await Promise.allSettled([createJob(owner, submission), collectArtifacts(services), collectArtifacts(services)]);
    if (made.status === "fulfilled") {
      expect(await services.blobs.size(input)).not.toBeNull();
      expect(await services.blobs.size(submission.program.artifact.sha256)).not.toBeNull();
      await cancelJob(owner, { jobId: made.value.id as JobId });
    } else expect(made.reason).toMatchObject({ code: "artifact_missing" });
  }
});

test("bytes whose row outlived them, as after a crash in the middle, are collected again without harm", async () => {
  const owner = await newOwner();
  const sha256 = sha256Of("half collected");
  await transaction(services.db, async (tx) => {
    await insertArtifact(tx, { sha256, bytes: 14, at: services.clock.now() });
    await insertOwner(tx, { sha256, accountId: owner.principal.accountId, at: services.clock.now() });
  });
  advance(UNUSED_MS + 1);
  expect((await collectArtifacts(services)).artifacts).toBeGreaterThanOrEqual(1);
  expect(await hasRow(sha256)).toBe(false);
});
