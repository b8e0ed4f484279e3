import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { secondsToNextDay, UPLOAD_BYTES_MIN } from "#lib/domain/quota/quotas.ts";
import { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import { deleteExpired } from "#lib/server/background/delete-expired.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { chunksOf, countRows, makeSubmission } from "#lib/testing/submission.ts";
import { createArtifact } from "../artifacts/create-artifact.ts";
import { continueUpload } from "../artifacts/uploads/continue-upload.ts";
import { createUpload } from "../artifacts/uploads/create-upload.ts";
import { deleteUpload } from "../artifacts/uploads/delete-upload.ts";
import type { Context } from "../context.ts";
import { renderError } from "../http/render.ts";
import { cancelJob } from "../jobs/cancel-job.ts";
import { createJob } from "../jobs/create-job.ts";

const DAY_BYTES = 20 * UPLOAD_BYTES_MIN;
const KEPT_BYTES = 30 * UPLOAD_BYTES_MIN;
const JOBS = 3;

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices({ quotas: { uploadDayBytesMax: DAY_BYTES, keptBytesMax: KEPT_BYTES, openJobsMax: JOBS } });
});
afterAll(() => services.close());

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");
const textOf = (bytes: number, sign = "x") => sign.repeat(bytes);
const newOwner = async (): Promise<Context<AccountPrincipal>> => (await makeAccount(services)).ctx;
const send = async (ctx: Context, text: string) => await createArtifact(ctx, { part: "input" }, chunksOf(text, 1000));
const codeOf = (error: unknown) => (error as { code?: string }).code;

/** Another day: what was counted for the one before does not count. */
function nextDay(): void {
  services.clock.advance(86_400_000);
}

describe("bytes uploaded in a day", () => {
  test("429: one byte too many is refused with the seconds until midnight, nothing of it stays, and the next day it is taken", async () => {
    const owner = await newOwner();
    await send(owner, textOf(DAY_BYTES - UPLOAD_BYTES_MIN));
    const files = await countRows(services.db);
    const refusal = await send(owner, textOf(UPLOAD_BYTES_MIN + 1)).catch((error: unknown) => error);
    expect(refusal).toMatchObject({ code: "upload_quota", status: 429, params: { limit: DAY_BYTES } });
    expect(await countRows(services.db)).toEqual(files);
    expect(await services.blobs.size(sha256Of(textOf(UPLOAD_BYTES_MIN + 1)))).toBeNull();
    const answer = renderError(refusal, { log: services.log, where: createArtifactEndpoint.name, close: true });
    const seconds = Number(answer.headers.get("retry-after"));
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(86_400);
    services.clock.advance(seconds * 1000);
    expect(await send(owner, textOf(UPLOAD_BYTES_MIN + 1))).toMatchObject({ bytes: UPLOAD_BYTES_MIN + 1 });
  });

  test("attack: many uploads side by side, some without end, some broken off, send no more together than one account may, and no other account notices", async () => {
    const owner = await newOwner();
    const pulled = { bytes: 0 };
    async function* endless(sign: string, breaksAt = Number.POSITIVE_INFINITY): AsyncGenerator<Uint8Array> {
      for (let bytes = 0; ; bytes += 1000) {
        if (bytes >= breaksAt) throw new Error("the connection was lost");
        yield new TextEncoder().encode(sign.repeat(1000));
        pulled.bytes += 1000;
      }
    }
    const ends = await Promise.allSettled(
      Array.from({ length: 12 }, (_, i) => createArtifact(owner, { part: "input" }, endless(String.fromCharCode(97 + i), i % 3 === 0 ? 5000 : undefined))),
    );
    expect(ends.every(({ status }) => status === "rejected")).toBe(true);
    expect(pulled.bytes).toBeLessThanOrEqual(DAY_BYTES);
    await expect(send(owner, "x")).rejects.toMatchObject({ code: "upload_quota" });
    expect(await send(await newOwner(), "x")).toMatchObject({ bytes: 1 });
  });

  test("attack: empty uploads are not free", async () => {
    const owner = await newOwner();
    for (let i = 0; i < DAY_BYTES / UPLOAD_BYTES_MIN; i++) await send(owner, "");
    await expect(send(owner, "")).rejects.toMatchObject({ code: "upload_quota" });
  });

  test("what an upload in parts had sent before the day's end is kept, and it goes on the next day", async () => {
    services.clock.advance(3_600_000);
    const owner = await newOwner();
    const text = textOf(DAY_BYTES + UPLOAD_BYTES_MIN, "p");
    const upload = await createUpload(owner, { part: "input", sha256: sha256Of(text), bytes: text.length });
    if (upload.state !== "open") throw new Error("the upload was complete");
    await expect(continueUpload(owner, { uploadId: upload.uploadId, offset: 0 }, chunksOf(text, 1000))).rejects.toMatchObject({ code: "upload_quota" });
    const again = await createUpload(owner, { part: "input", sha256: sha256Of(text), bytes: text.length });
    if (again.state !== "open") throw new Error("the upload was complete");
    expect(again.offset).toBeGreaterThan(DAY_BYTES - 2000);
    expect(again.offset).toBeLessThanOrEqual(DAY_BYTES);
    services.clock.advance(secondsToNextDay(services.clock.now()) * 1000);
    const done = await continueUpload(owner, { uploadId: upload.uploadId, offset: again.offset }, chunksOf(text.slice(again.offset)));
    expect(done).toMatchObject({ state: "complete" });
  });

  test("days that are over are forgotten", async () => {
    await send(await newOwner(), "counted");
    nextDay();
    await deleteExpired(services);
    expect((await countRows(services.db)).upload_days).toBe(0);
  });
});

describe("bytes kept", () => {
  test("413: an upload for which there is no room is refused before a byte where its size is announced, and after it where it is not; giving one up makes room", async () => {
    const owner = await newOwner();
    for (const sign of ["a", "b"]) {
      await send(owner, textOf(DAY_BYTES - UPLOAD_BYTES_MIN, sign).slice(0, 12 * UPLOAD_BYTES_MIN));
      nextDay();
    }
    const large = { part: "input" as const, sha256: sha256Of("large"), bytes: 5 * UPLOAD_BYTES_MIN };
    const open = await createUpload(owner, large);
    await expect(createUpload(owner, { ...large, sha256: sha256Of("other") })).rejects.toMatchObject({ code: "kept_full", status: 413 });
    const rows = await countRows(services.db);
    await expect(send(owner, textOf(2 * UPLOAD_BYTES_MIN, "c"))).rejects.toMatchObject({ code: "kept_full", params: { limit: KEPT_BYTES } });
    expect({ ...(await countRows(services.db)), upload_days: 0 }).toEqual({ ...rows, upload_days: 0 });
    expect(await services.blobs.size(sha256Of(textOf(2 * UPLOAD_BYTES_MIN, "c")))).toBeNull();
    // What it has already takes no more room.
    nextDay();
    await send(owner, textOf(12 * UPLOAD_BYTES_MIN, "a"));
    if (open.state === "open") await deleteUpload(owner, { uploadId: open.uploadId });
    await send(owner, textOf(2 * UPLOAD_BYTES_MIN, "c"));
  });

  test("attack: uploads side by side do not get the same room twice", async () => {
    const owner = await newOwner();
    await send(owner, textOf(18 * UPLOAD_BYTES_MIN, "d"));
    nextDay();
    const ends = await Promise.allSettled(["e", "f", "g", "h"].map((sign) => send(owner, textOf(5 * UPLOAD_BYTES_MIN, sign))));
    const refused = ends.flatMap((end) => (end.status === "rejected" ? [codeOf(end.reason)] : []));
    expect(ends.filter(({ status }) => status === "fulfilled")).toHaveLength(2);
    expect(refused.every((code) => code === "kept_full" || code === "upload_quota")).toBe(true);
  });
});

describe("open jobs", () => {
  test("429: one more than allowed is refused, reserves nothing, and is taken once another has ended; side by side too", async () => {
    nextDay();
    const owner = await newOwner();
    const submission = await makeSubmission(owner);
    const ends = await Promise.allSettled(Array.from({ length: JOBS + 3 }, () => createJob(owner, submission)));
    const made = ends.flatMap((end) => (end.status === "fulfilled" ? [end.value.id] : []));
    expect(made).toHaveLength(JOBS);
    const refusals = ends.flatMap((end) => (end.status === "rejected" ? [end.reason] : []));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "jobs_open", status: 429, params: { limit: JOBS, seconds: 60 } });
    const [first] = made;
    if (!first) throw new Error("no job was made");
    const rows = await countRows(services.db);
    await expect(createJob(owner, submission)).rejects.toMatchObject({ code: "jobs_open" });
    expect(await countRows(services.db)).toEqual(rows);
    await cancelJob(owner, { jobId: first });
    await createJob(owner, submission);
    // Somebody else's jobs do not count.
    const other = await newOwner();
    await makeJob(services, other.principal.accountId);
    await createJob(other, await makeSubmission(other));
  });
});
