import { createHash } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type UploadId, uuidOf } from "#lib/domain/ids.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import { OPEN_UPLOADS } from "#lib/protocol/artifacts/uploads.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { chunksOf, countRows } from "#lib/testing/submission.ts";
import { deleteExpired } from "../../background/delete-expired.ts";
import type { Context } from "../../context.ts";
import type { AccountPrincipal } from "../../principal.ts";
import { openFileBlobStore } from "../file-blob-store.ts";
import { getArtifact } from "../get-artifact.ts";
import { continueUpload } from "./continue-upload.ts";
import { createUpload } from "./create-upload.ts";
import { deleteUpload } from "./delete-upload.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());
beforeEach(async () => {
  owner = (await makeAccount(services)).ctx;
  stranger = (await makeAccount(services)).ctx;
});

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");
const announce = (text: string) => ({ part: "input" as const, sha256: sha256Of(text), bytes: text.length });
const filesLeft = async () => (await readdir(join(services.config.blobFolder, "partial"))).length;

async function open(ctx: Context, text: string): Promise<string> {
  const view = await createUpload(ctx, announce(text));
  if (view.state !== "open") throw new Error("the upload was complete");
  return view.uploadId;
}

/** A body whose connection breaks after so many bytes. */
async function* brokenAfter(text: string, bytes: number): AsyncGenerator<Uint8Array> {
  yield* chunksOf(text.slice(0, bytes), 3);
  throw new Error("the connection was lost");
}

describe("an upload in several requests", () => {
  test("200: parts become one artifact, which its account may read and nobody else", async () => {
    const text = "first part, second part, the rest";
    const uploadId = await open(owner, text);
    expect(await continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text.slice(0, 10), 4))).toMatchObject({
      state: "open",
      offset: 10,
      bytes: text.length,
    });
    expect(await continueUpload(owner, { uploadId, offset: 10 }, chunksOf(text.slice(10, 11)))).toMatchObject({ offset: 11 });
    const artifact = { sha256: sha256Of(text), bytes: text.length };
    expect(await continueUpload(owner, { uploadId, offset: 11 }, chunksOf(text.slice(11)))).toEqual({ state: "complete", artifact });
    const parts: Uint8Array[] = [];
    for await (const part of (await getArtifact(owner, { sha256: artifact.sha256 }, { range: null })).body) parts.push(part);
    expect(Buffer.concat(parts).toString()).toBe(text);
    await expect(getArtifact(stranger, { sha256: artifact.sha256 }, { range: null })).rejects.toMatchObject({ code: "not_found" });
    expect(await filesLeft()).toBe(0);
  });

  test("what arrived before a connection broke is kept, and whoever asks with the same bytes is told where it goes on, also from another process", async () => {
    const text = "0123456789".repeat(5);
    const uploadId = await open(owner, text);
    await expect(continueUpload(owner, { uploadId, offset: 0 }, brokenAfter(text, 17))).rejects.toThrow("the connection was lost");
    const restarted = { ...owner, blobs: await openFileBlobStore(services.config.blobFolder) };
    expect(await createUpload(restarted, announce(text))).toMatchObject({ state: "open", uploadId, offset: 17 });
    expect(await continueUpload(restarted, { uploadId, offset: 17 }, chunksOf(text.slice(17)))).toMatchObject({ state: "complete" });
  });

  test("bytes that the account has are complete at once; those of others have to be sent, though a digest names them", async () => {
    const text = "known to one";
    const uploadId = await open(owner, text);
    await continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text));
    expect(await createUpload(owner, announce(text))).toEqual({ state: "complete", artifact: { sha256: sha256Of(text), bytes: text.length } });
    expect(await createUpload(stranger, announce(text))).toMatchObject({ state: "open", offset: 0 });
  });

  test("a last request that is repeated after its answer was lost finds the artifact", async () => {
    const text = "answered into the void";
    const uploadId = await open(owner, text);
    const both = await Promise.all([1, 2].map(() => continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text, 2)).catch((error: unknown) => error)));
    expect(both).toContainEqual({ state: "complete", artifact: { sha256: sha256Of(text), bytes: text.length } });
    expect(await createUpload(owner, announce(text))).toMatchObject({ state: "complete" });
  });

  test("two writers of one upload, of which one lies, never store bytes under a wrong digest", async () => {
    const text = "honest bytes ".repeat(200);
    const uploadId = await open(owner, text);
    const ends = await Promise.all(
      [text, text.toUpperCase()].map((body) => continueUpload(owner, { uploadId, offset: 0 }, chunksOf(body, 7)).catch((error: unknown) => error)),
    );
    if ((await services.blobs.size(sha256Of(text))) === null) expect(ends).toContainEqual(expect.objectContaining({ code: "digest_mismatch" }));
    else
      expect(
        createHash("sha256")
          .update(await services.blobs.readBytes(sha256Of(text)))
          .digest("hex"),
      ).toBe(sha256Of(text));
  });

  test("bytes that a disk lost are asked for again", async () => {
    const text = "restored from a backup that has no partial files";
    const uploadId = await open(owner, text);
    await continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text.slice(0, 20)));
    await services.blobs.partials.remove(uuidOf(uploadId as UploadId));
    await expect(continueUpload(owner, { uploadId, offset: 20 }, chunksOf(text.slice(20)))).rejects.toMatchObject({
      code: "upload_offset",
      params: { want: 0 },
    });
    expect(await continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text))).toMatchObject({ state: "complete" });
  });
});

describe("is refused", () => {
  test("404: to everybody else, who can neither go on with it nor remove it", async () => {
    const text = "not yours";
    const uploadId = await open(owner, text);
    const rows = await countRows(services.db);
    await expect(continueUpload(stranger, { uploadId, offset: 0 }, chunksOf(text))).rejects.toMatchObject({ code: "not_found" });
    await expect(deleteUpload(stranger, { uploadId })).rejects.toMatchObject({ code: "not_found" });
    expect(await countRows(services.db)).toEqual(rows);
    // The same digest of another account is another upload, at its own beginning.
    await continueUpload(owner, { uploadId, offset: 0 }, chunksOf(text.slice(0, 3)));
    const other = await createUpload(stranger, announce(text));
    expect(other).toMatchObject({ state: "open", offset: 0 });
    expect(other).not.toMatchObject({ uploadId });
  });

  test("403: to a key without the scope", async () => {
    const reader = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read" as const] } };
    await expect(createUpload(reader, announce("x"))).rejects.toMatchObject({ code: "key_scope" });
    await expect(continueUpload(reader, { uploadId: await open(owner, "x"), offset: 0 }, chunksOf("x"))).rejects.toMatchObject({ code: "key_scope" });
  });

  test("409: at another offset than its own, before or behind", async () => {
    const text = "0123456789";
    const uploadId = await open(owner, text);
    await continueUpload(owner, { uploadId, offset: 0 }, chunksOf("01234"));
    for (const got of [0, 4, 6, 10])
      await expect(continueUpload(owner, { uploadId, offset: got }, chunksOf("x"))).rejects.toMatchObject({ code: "upload_offset", params: { want: 5, got } });
    expect(await continueUpload(owner, { uploadId, offset: 5 }, chunksOf("56789"))).toMatchObject({ state: "complete" });
  });

  test("400: a body beyond what was announced, of which nothing counts", async () => {
    const uploadId = await open(owner, "0123456789");
    await expect(continueUpload(owner, { uploadId, offset: 0 }, chunksOf("0123456789x", 4))).rejects.toMatchObject({
      code: "bad_request",
      params: { field: "(body)" },
    });
    expect(await createUpload(owner, announce("0123456789"))).toMatchObject({ offset: 0 });
  });

  test("400: a whole that is not what was announced; nothing of it stays", async () => {
    const rows = await countRows(services.db);
    const uploadId = await open(owner, "0123456789");
    await expect(continueUpload(owner, { uploadId, offset: 0 }, chunksOf("012345678X"))).rejects.toMatchObject({
      code: "digest_mismatch",
      params: { got: sha256Of("012345678X"), want: sha256Of("0123456789") },
    });
    // What was sent counts for the day.
    expect({ ...(await countRows(services.db)), upload_days: rows.upload_days }).toEqual(rows);
    expect(await services.blobs.partials.size(uuidOf(uploadId as UploadId))).toBe(0);
    expect(await services.blobs.size(sha256Of("012345678X"))).toBeNull();
  });

  test("413: more than its part may have, before a byte is sent", async () => {
    await expect(createUpload(owner, { part: "program", sha256: sha256Of("x"), bytes: JOB_LIMITS.programBytesMax + 1 })).rejects.toMatchObject({
      code: "too_large",
    });
  });

  test("409: too many open ones of an account, by count and by bytes; giving one up makes room", async () => {
    const ids: string[] = [];
    for (let i = 0; i < OPEN_UPLOADS.countMax; i++) ids.push(await open(owner, `upload ${i}`));
    await expect(open(owner, "one more")).rejects.toMatchObject({ code: "uploads_open" });
    expect(await createUpload(owner, announce("upload 3"))).toMatchObject({ uploadId: ids[3] });
    await deleteUpload(owner, { uploadId: ids[0] ?? "" });
    await open(owner, "one more");

    const large = { part: "input" as const, bytes: JOB_LIMITS.inputBytesMax };
    for (let i = 0; i < OPEN_UPLOADS.bytesMax / JOB_LIMITS.inputBytesMax; i++) await createUpload(stranger, { ...large, sha256: sha256Of(`${i}`) });
    await expect(open(stranger, "x")).rejects.toMatchObject({ code: "uploads_open" });
  });
});

test("an upload that gets no byte for a day is gone, with its bytes; one that got some waits on", async () => {
  const [old, young] = ["left alone", "still coming"];
  const oldId = await open(owner, old);
  const youngId = await open(owner, young);
  await continueUpload(owner, { uploadId: oldId, offset: 0 }, chunksOf("left"));
  services.clock.advance(OPEN_UPLOADS.waitMs / 2);
  await continueUpload(owner, { uploadId: youngId, offset: 0 }, chunksOf("still"));
  services.clock.advance(OPEN_UPLOADS.waitMs / 2);
  await expect(continueUpload(owner, { uploadId: oldId, offset: 4 }, chunksOf(" alone"))).rejects.toMatchObject({ code: "not_found" });
  expect((await deleteExpired(services)).uploads).toBeGreaterThanOrEqual(1);
  expect(await services.blobs.partials.size(uuidOf(oldId as UploadId))).toBe(0);
  expect(await continueUpload(owner, { uploadId: youngId, offset: 5 }, chunksOf(" coming"))).toMatchObject({ state: "complete" });
});
