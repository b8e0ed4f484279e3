import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { chunksOf, countRows, upload } from "#lib/testing/submission.ts";
import type { Context } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { newId } from "../ids.ts";
import { deriveSecret, signPermission } from "../secrets.ts";
import { createArtifact } from "./create-artifact.ts";
import { getArtifact } from "./get-artifact.ts";
import { putOutput } from "./put-output.ts";
import { openS3BlobStore } from "./s3/s3-blob-store.ts";
import { openS3Server } from "./testing/open-s3-server.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
  stranger = (await makeAccount(services)).ctx;
});
afterAll(() => services.close());

/** The services with artifacts in a bucket that people may reach. */
async function inBucket(): Promise<{ services: TestServices; close(): Promise<void> }> {
  const server = await openS3Server();
  const blobs = await openS3BlobStore({ ...server.config, directOrigin: server.config.endpoint });
  return { services: { ...services, blobs }, close: server.close };
}

const sha256Of = (text: string) => createHash("sha256").update(text).digest("hex");
const anonymous = (): Context => ({ ...services, principal: { kind: "anonymous" } });

async function bodyOf(answer: ByteAnswer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
}

function sign(scope: string, lifeMs = 60_000): { expires: number; signature: string } {
  const expires = services.clock.now().getTime() + lifeMs;
  return { expires, signature: signPermission(deriveSecret(services.config.sessionSecret, "artifact-url"), { scope, expires }) };
}

describe("uploading", () => {
  test("200: the answer names the bytes, and is the same for bytes that somebody uploaded before", async () => {
    const view = await createArtifact(owner, { part: "input", sha256: sha256Of("abc") }, chunksOf("abc", 1));
    expect(view).toEqual({ sha256: sha256Of("abc"), bytes: 3 });
    expect(await createArtifact(stranger, { part: "input" }, chunksOf("abc"))).toEqual(view);
    expect(await createArtifact(owner, { part: "input" }, chunksOf("abc"))).toEqual(view);
  });

  test("200: parallel uploads of one text by many accounts give each of them the right to it", async () => {
    const accounts = await Promise.all(Array.from({ length: 6 }, () => makeAccount(services)));
    await Promise.all(accounts.map(({ ctx }) => upload(ctx, "file", "in parallel")));
    for (const { ctx } of accounts) expect(await bodyOf(await getArtifact(ctx, { sha256: sha256Of("in parallel") }, { range: null }))).toBe("in parallel");
  });

  test("413: a stream over the limit of its part is refused as soon as it passes it, and nothing stays", async () => {
    const pulled = { bytes: 0 };
    async function* endless() {
      const chunk = new Uint8Array(1024 * 1024);
      for (;;) {
        pulled.bytes += chunk.length;
        yield chunk;
      }
    }
    const rows = await countRows(services.db);
    await expect(createArtifact(owner, { part: "program" }, endless())).rejects.toMatchObject({
      code: "too_large",
      params: { what: "The program", limit: JOB_LIMITS.programBytesMax },
    });
    expect(pulled.bytes).toBe(JOB_LIMITS.programBytesMax + 1024 * 1024);
    expect(await countRows(services.db)).toEqual(rows);
  });

  test("400: other bytes than announced are refused with both digests, and nothing stays", async () => {
    const rows = await countRows(services.db);
    await expect(createArtifact(owner, { part: "input", sha256: sha256Of("right") }, chunksOf("wrong"))).rejects.toMatchObject({
      code: "digest_mismatch",
      params: { got: sha256Of("wrong"), want: sha256Of("right") },
    });
    expect(await countRows(services.db)).toEqual(rows);
    expect(await services.blobs.size(sha256Of("wrong"))).toBeNull();
  });

  test("401, 403: an upload needs an account, and a key its scope; the body is not read", async () => {
    const unread = (): AsyncIterable<Uint8Array> => ({ [Symbol.asyncIterator]: () => expect.unreachable() });
    await expect(createArtifact(anonymous(), { part: "input" }, unread())).rejects.toMatchObject({ code: "unauthenticated" });
    const reader = { ...owner, principal: { ...owner.principal, scopes: ["jobs:read" as const] } };
    await expect(createArtifact(reader, { part: "input" }, unread())).rejects.toMatchObject({ code: "key_scope", params: { scope: "artifacts:write" } });
  });

  test("an upload that cannot be recorded leaves no bytes, unless somebody has them on record", async () => {
    const full = { ...stranger, config: { ...stranger.config, quotas: { ...stranger.config.quotas, keptBytesMax: 1 } } };
    await expect(upload(full, "file", "nobody's")).rejects.toMatchObject({ code: "kept_full" });
    expect(await services.blobs.size(sha256Of("nobody's"))).toBeNull();
    const { sha256 } = await upload(owner, "file", "kept");
    await expect(upload(full, "file", "kept")).rejects.toMatchObject({ code: "kept_full" });
    expect(await services.blobs.size(sha256)).toBe(4);
  });
});

describe("reading", () => {
  const text = "0123456789";
  const sha256 = sha256Of(text);
  beforeAll(() => upload(owner, "file", text));

  test("200: its owner gets the bytes, with headers that let no browser show or share them", async () => {
    const answer = await getArtifact(owner, { sha256 }, { range: null });
    expect(answer.status).toBe(200);
    expect(answer.headers).toEqual({
      "accept-ranges": "bytes",
      "cache-control": "private, max-age=31536000, immutable",
      "content-disposition": `attachment; filename="${sha256}"`,
      "content-length": "10",
      "content-security-policy": "sandbox",
      "content-type": "application/octet-stream",
      etag: `"${sha256}"`,
      "x-content-type-options": "nosniff",
    });
    expect(await bodyOf(answer)).toBe(text);
  });

  test("206, 416: one range is honoured, one beyond the end is not", async () => {
    const part = await getArtifact(owner, { sha256 }, { range: "bytes=3-5" });
    expect([part.status, part.headers["content-range"], part.headers["content-length"], await bodyOf(part)]).toEqual([206, "bytes 3-5/10", "3", "345"]);
    const beyond = await getArtifact(owner, { sha256 }, { range: "bytes=10-" });
    expect([beyond.status, beyond.headers["content-range"], await bodyOf(beyond)]).toEqual([416, "bytes */10", ""]);
  });

  test("404: for another account it looks exactly like an artifact that does not exist", async () => {
    const foreign = await getArtifact(stranger, { sha256 }, { range: null }).catch((error) => error);
    const missing = await getArtifact(stranger, { sha256: "ab".repeat(32) }, { range: null }).catch((error) => error);
    expect(foreign).toMatchObject({ code: "not_found" });
    expect({ code: foreign.code, params: foreign.params }).toEqual({ code: missing.code, params: missing.params });
  });

  test("200: the owner of a job reads what its devices uploaded", async () => {
    const { accountId } = owner.principal;
    const { jobId } = await makeJob(services, accountId);
    const { sha256: output } = await upload(stranger, "file", "an output");
    await expect(getArtifact(owner, { sha256: output }, { range: null })).rejects.toMatchObject({ code: "not_found" });
    await services.db`insert into job_artifacts (job_id, sha256, part) values (${uuidOf(jobId)}, ${output}, 'output')`;
    expect(await bodyOf(await getArtifact(owner, { sha256: output }, { range: null }))).toBe("an output");
  });

  test("401, 403: nobody without an account, no key without the scope", async () => {
    await expect(getArtifact(anonymous(), { sha256 }, { range: null })).rejects.toMatchObject({ code: "unauthenticated" });
    const uploader = { ...owner, principal: { ...owner.principal, scopes: ["artifacts:write" as const] } };
    await expect(getArtifact(uploader, { sha256 }, { range: null })).rejects.toMatchObject({ code: "key_scope", params: { scope: "jobs:read" } });
  });

  test("a signed URL opens exactly its artifact until it expires", async () => {
    const signed = { sha256, ...sign(`read:${sha256}`) };
    expect(await bodyOf(await getArtifact(anonymous(), signed, { range: null }))).toBe(text);
    const refused = [
      { ...signed, sha256: sha256Of("in parallel") },
      { ...signed, expires: signed.expires + 1 },
      { ...signed, signature: "" },
      { sha256, signature: signed.signature },
      { sha256, ...sign(`read:${sha256}`, -1) },
      { sha256, ...sign(`output:${sha256}`) },
    ];
    for (const input of refused) await expect(getArtifact(anonymous(), input, { range: null })).rejects.toMatchObject({ code: "signature_invalid" });
  });
});

describe("a device's output", () => {
  async function makeGrant(state = "open", lifeMs = 60_000) {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    const { deviceId } = await makeDevice(services);
    const grantId = newId("grt");
    const now = services.clock.now();
    await services.db`
      insert into grants (job_id, id, device_id, voter_id, seq, from_no, to_no, state, granted_at, deadline_at, hard_cap_at)
      values (${uuidOf(jobId)}, ${uuidOf(grantId)}, ${uuidOf(deviceId)}, ${uuidOf(deviceId)}, 1, 0, 1, ${state}, ${now}, ${now}, ${new Date(now.getTime() + lifeMs)})`;
    return { jobId, grantId, signed: { jobId, grantId, ...sign(`output:${jobId}:${grantId}`) } };
  }

  test("200: it is stored once and belongs to the job; repeating it changes nothing", async () => {
    const { jobId, signed } = await makeGrant();
    const sha256 = sha256Of("large output");
    for (let i = 0; i < 2; i++) expect(await putOutput(anonymous(), { ...signed, sha256 }, chunksOf("large output", 5))).toEqual({ sha256, bytes: 12 });
    expect([...(await services.db`select sha256, part from job_artifacts where job_id = ${uuidOf(jobId)}`)]).toEqual([{ sha256, part: "output" }]);
    expect(await bodyOf(await getArtifact(owner, { sha256 }, { range: null }))).toBe("large output");
    await expect(getArtifact(stranger, { sha256 }, { range: null })).rejects.toMatchObject({ code: "not_found" });
  });

  test("413: an output over the job's limit is refused as soon as it passes it", async () => {
    const { signed } = await makeGrant();
    const pulled = { bytes: 0 };
    async function* endless() {
      for (;;) {
        pulled.bytes += 65_536;
        yield new Uint8Array(65_536);
      }
    }
    await expect(putOutput(anonymous(), { ...signed, sha256: "ab".repeat(32) }, endless())).rejects.toMatchObject({ code: "output_limit" });
    expect(pulled.bytes).toBe((1 << 20) + 65_536);
  });

  test("400: other bytes than the path names are refused, and stored under neither name", async () => {
    const { signed } = await makeGrant();
    await expect(putOutput(anonymous(), { ...signed, sha256: sha256Of("said") }, chunksOf("sent"))).rejects.toMatchObject({ code: "digest_mismatch" });
    expect(await services.blobs.size(sha256Of("sent"))).toBeNull();
    expect(await services.blobs.size(sha256Of("said"))).toBeNull();
  });

  test("401: a URL signed for another grant, for reading, or too long ago opens nothing", async () => {
    const { jobId, grantId, signed } = await makeGrant();
    const other = await makeGrant();
    const sha256 = sha256Of("x");
    const refused = [
      { ...signed, grantId: other.grantId },
      { ...signed, jobId: other.jobId },
      { jobId, grantId, ...sign(`read:${sha256}`) },
      { jobId, grantId, ...sign(`output:${jobId}:${grantId}`, -1) },
      { jobId: "../../etc", grantId, ...sign(`output:../../etc:${grantId}`) },
    ];
    for (const input of refused) await expect(putOutput(anonymous(), { ...input, sha256 }, chunksOf("x"))).rejects.toMatchObject({ code: "signature_invalid" });
  });

  test("409: nothing is taken for a job that ended, or a grant that was stopped or is past its hard cap", async () => {
    for (const { signed } of [await makeGrant("stopped"), await makeGrant("open", 0)]) {
      await expect(putOutput(anonymous(), { ...signed, sha256: sha256Of("x") }, chunksOf("x"))).rejects.toMatchObject({ code: "grant_unknown" });
    }
    const ended = await makeGrant();
    await services.db`update jobs set state = 'cancelled' where id = ${uuidOf(ended.jobId)}`;
    await expect(putOutput(anonymous(), { ...ended.signed, sha256: sha256Of("x") }, chunksOf("x"))).rejects.toMatchObject({
      code: "job_ended",
      params: { state: "cancelled" },
    });
    expect(await services.blobs.size(sha256Of("x"))).toBeNull();
  });

  test("409: a grant is no door to unlimited storage", async () => {
    const { grantId, signed } = await makeGrant();
    const [grant] = await services.db<{ shards: number }[]>`select to_no - from_no as shards from grants where id = ${uuidOf(grantId)}`;
    const allowed = 3 * (grant?.shards ?? 0);
    for (let i = 0; i < allowed; i++) await putOutput(anonymous(), { ...signed, sha256: sha256Of(`output ${i}`) }, chunksOf(`output ${i}`));
    await expect(putOutput(anonymous(), { ...signed, sha256: sha256Of("one more") }, chunksOf("one more"))).rejects.toMatchObject({ code: "grant_unknown" });
    expect(await services.blobs.size(sha256Of("one more"))).toBeNull();
  });
});

test("artifacts in a bucket that people may reach are answered with the way there, to those alone who may read them", async () => {
  const bucket = await inBucket();
  const mine: Context<AccountPrincipal> = { ...owner, ...bucket.services, principal: owner.principal };
  const { sha256 } = await createArtifact(mine, { part: "input" }, chunksOf("from the bucket"));
  const answer = await getArtifact(mine, { sha256 }, { range: "bytes=0-3" });
  expect([answer.status, await bodyOf(answer)]).toEqual([307, ""]);
  expect(await (await fetch(answer.headers.location ?? "", { headers: { range: "bytes=0-3" } })).text()).toBe("from");
  await expect(getArtifact({ ...mine, principal: stranger.principal }, { sha256 }, { range: null })).rejects.toMatchObject({ code: "not_found" });
  await expect(getArtifact({ ...mine, principal: { kind: "anonymous" } }, { sha256 }, { range: null })).rejects.toMatchObject({ code: "unauthenticated" });
  await bucket.close();
});
