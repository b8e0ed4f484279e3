import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import { createJob as createJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { getLegal as getLegalEndpoint } from "#lib/protocol/legal/legal.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import { getLegal } from "#lib/server/consent/get-legal.ts";
import { handle, handleUpload } from "#lib/server/http/handle.ts";
import { createJob } from "#lib/server/jobs/create-job.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { serveHere } from "#lib/testing/serve-here.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";

let services: TestServices;
let server: Awaited<ReturnType<typeof serveHere>>;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-submit-"));
  services = await openTestServices();
  const source = async () => services;
  server = await serveHere(
    {
      "GET /api/v1/legal": handle(getLegalEndpoint, getLegal, source),
      "POST /api/v1/artifacts": handleUpload(createArtifactEndpoint, createArtifact, source),
      "POST /api/v1/jobs": handle(createJobEndpoint, createJob, source),
    },
    services,
  );
});
afterAll(async () => {
  await server.close();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

test("submit says which version of the terms it agrees to, creates the job once under its key, and the consent is the account's", async () => {
  const { accountId: owner, ctx } = await makeAccount(services);
  const { secret } = await createKey(ctx, { name: "script", scopes: ["artifacts:write", "jobs:write"] });
  await writeFile(join(folder, "program.wasm"), assembleModule());
  const job = { version: 1, name: "Count", program: { runtime: "wasi", artifact: { path: "program.wasm" } }, slicing: { mode: "range", from: 0, to: 10 } };
  await writeFile(join(folder, "job.json"), JSON.stringify(job));
  const submit = async () =>
    await promisify(execFile)(process.execPath, [
      join(import.meta.dirname, "shoal.ts"),
      ...["submit", join(folder, "job.json"), "--key", secret, "--server", server.url, "--idempotency-key", "nightly"],
    ]);
  const { stdout, stderr } = await submit();
  const [consent] = await services.db<{ document: string; version: string }[]>`select document, version from consents where who = ${uuidOf(owner)}`;
  expect(consent?.document).toBe("terms");
  expect(stderr).toContain(`By going on you agree to ${services.config.origin}/terms, version ${consent?.version}.`);
  expect(await services.db`select id from jobs where id = ${uuidOf(stdout.trim() as `job_${string}`)} and account_id = ${uuidOf(owner)}`).toHaveLength(1);
  expect((await submit()).stdout).toBe(stdout);
  expect(await services.db`select id from jobs where account_id = ${uuidOf(owner)}`).toHaveLength(1);
});
