import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import { continueUpload as continueEndpoint, createUpload as createEndpoint } from "#lib/protocol/artifacts/uploads.ts";
import { createJob as createJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { getLegal as getLegalEndpoint } from "#lib/protocol/legal/legal.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import { continueUpload } from "#lib/server/artifacts/uploads/continue-upload.ts";
import { createUpload } from "#lib/server/artifacts/uploads/create-upload.ts";
import { getLegal } from "#lib/server/consent/get-legal.ts";
import { handle, handleUpload } from "#lib/server/http/handle.ts";
import { createJob } from "#lib/server/jobs/create-job.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { serveHere } from "#lib/testing/serve-here.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createShoal } from "#sdk/shoal.ts";
import type { UploadProgress } from "#sdk/upload.ts";
import { type Running, startHere } from "./testing/run-here.ts";

/* An upload in several requests that is left in the middle, through the terminal and through the SDK; what the client does below them is tested in lib/client/api. */
const PART_BYTES = 8 * 1024 * 1024;
const INPUT = `${"x".repeat(63)}\n`.repeat((1.5 * PART_BYTES) / 64);

let services: TestServices;
let server: Awaited<ReturnType<typeof serveHere>>;
let folder: string;
let key: string;
/** Called when a part beyond the first comes, which then is lost; null where it is taken. */
let loseSecondPart: (() => void) | null;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-uploads-"));
  services = await openTestServices();
  const source = async () => services;
  const continueDoor = handleUpload(continueEndpoint, continueUpload, source);
  server = await serveHere(
    {
      "GET /api/v1/legal": handle(getLegalEndpoint, getLegal, source),
      "POST /api/v1/artifacts": handleUpload(createArtifactEndpoint, createArtifact, source),
      "POST /api/v1/uploads": handle(createEndpoint, createUpload, source),
      "PUT /api/v1/uploads/{uploadId}": async (request) => {
        if (loseSecondPart === null || new URL(request.url).searchParams.get("offset") === "0") return await continueDoor(request);
        loseSecondPart();
        return new Response(null, { status: 503 });
      },
      "POST /api/v1/jobs": handle(createJobEndpoint, createJob, source),
    },
    services,
  );
  await writeFile(join(folder, "shout.wasm"), await readTestProgram("shout"));
  await writeFile(join(folder, "input.txt"), INPUT);
});
afterAll(async () => {
  await server.close();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  ({ secret: key } = await createKey((await makeAccount(services)).ctx, { name: "uploads", scopes: ["artifacts:write", "jobs:write"] }));
});

test("shoal submit that Ctrl-C ended goes on at the byte where it was, and creates one job", async () => {
  const submit = (): Running =>
    startHere(["submit", join(folder, "shout.wasm"), "--split", "lines:10000", "--input", join(folder, "input.txt")], {
      env: { SHOAL_SERVER: server.url, SHOAL_API_KEY: key },
    });
  const left = submit();
  loseSecondPart = left.interrupt;
  expect(await left.ended).toMatchObject({ code: 130, out: "" });
  loseSecondPart = null;
  const { code, out, err } = await submit().ended;
  expect([code, out]).toEqual([0, expect.stringMatching(/^job_[0-9a-f]{32}\n$/)]);
  expect(err).toContain(`Uploading input, ${INPUT.length} bytes, from byte ${PART_BYTES} on`);
  expect(await services.db`select 1 from jobs`).toHaveLength(1);
});

test("an upload of the SDK that was aborted goes on in another one, and says from where", async () => {
  const closing = new AbortController();
  loseSecondPart = () => closing.abort(new Error("the program ended"));
  const left = createShoal({ url: server.url, key }).upload(INPUT, { part: "input", signal: closing.signal });
  await expect(left).rejects.toThrow("the program ended");
  loseSecondPart = null;
  const told: UploadProgress[] = [];
  await createShoal({ url: server.url, key }).upload(INPUT, { part: "input", onUpload: (progress) => told.push(progress) });
  expect(told.find(({ stage }) => stage === "sending")?.sentBytes).toBe(PART_BYTES);
});
