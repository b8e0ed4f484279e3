import { createHash, randomBytes } from "node:crypto";
import { openAsBlob } from "node:fs";
import { mkdtemp, open, rm, writeFile } from "node:fs/promises";
import type { Server } from "node:http";
import { type AddressInfo, connect, createServer, type Server as NetServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import { continueUpload as continueEndpoint, createUpload as createEndpoint } from "#lib/protocol/artifacts/uploads.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import { continueUpload } from "#lib/server/artifacts/uploads/continue-upload.ts";
import { createUpload } from "#lib/server/artifacts/uploads/create-upload.ts";
import { handle, handleUpload } from "#lib/server/http/handle.ts";
import { serveDoors } from "#lib/server/http/serve-doors.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { OfflineError } from "./api.ts";
import { type UploadStage, uploadBlob } from "./upload-blob.ts";

/*
 * The client's half of uploads in several requests, against the instance's doors, over connections that break.
 */
const PART = 64 * 1024;
const MEBI = 1024 * 1024;

let services: TestServices;
let folder: string;
let server: Server;
let line: Line;
let token: () => Promise<string>;

/** What stands between the client and the instance: it can be cut after so many bytes, and counts what the client sent. */
type Line = { url: string; sentBytes: number; cutAfter: number | null; close(): void };

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-upload-"));
  services = await openTestServices();
  server = await serve(0);
  line = await openLine();
});
afterAll(async () => {
  line.close();
  server.closeAllConnections();
  server.close();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  const { ctx } = await makeAccount(services);
  const { secret } = await createKey(ctx, { name: "uploads", scopes: ["artifacts:write"] });
  token = async () => secret;
  line.cutAfter = null;
  line.sentBytes = 0;
});

async function serve(port: number): Promise<Server> {
  const source = async () => services;
  const doors = {
    "POST /api/v1/artifacts": handleUpload(createArtifactEndpoint, createArtifact, source),
    "POST /api/v1/uploads": handle(createEndpoint, createUpload, source),
    "PUT /api/v1/uploads/{uploadId}": handleUpload(continueEndpoint, continueUpload, source),
  };
  const started = serveDoors(doors, services.config.origin);
  await new Promise<void>((done) => started.listen(port, "127.0.0.1", done));
  return started;
}

async function openLine(): Promise<Line> {
  const opened: Line = { url: "", sentBytes: 0, cutAfter: null, close: () => net.close() };
  const join = (client: Socket) => {
    const upstream = connect((server.address() as AddressInfo).port, "127.0.0.1");
    const end = () => [client, upstream].map((socket) => socket.destroy());
    for (const socket of [client, upstream]) socket.on("error", end).on("close", end);
    upstream.pipe(client);
    client.on("data", (chunk) => {
      opened.sentBytes += chunk.length;
      if (opened.cutAfter !== null && opened.sentBytes > opened.cutAfter) {
        opened.cutAfter = null;
        end();
      } else if (!upstream.write(chunk)) client.pause();
    });
    upstream.on("drain", () => client.resume());
  };
  const net: NetServer = createServer(join);
  await new Promise<void>((done) => net.listen(0, "127.0.0.1", done));
  opened.url = `http://127.0.0.1:${(net.address() as AddressInfo).port}`;
  return opened;
}

const target = () => ({ baseUrl: line.url, token });
const bytesOf = (bytes: number) => randomBytes(bytes) as Uint8Array<ArrayBuffer>;
const sha256Of = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const stored = async (sha256: string) => sha256Of(await services.blobs.readBytes(sha256));

test("a blob in several parts arrives whole, and is told in bytes that only grow", async () => {
  const bytes = bytesOf(5 * PART + 17);
  const stages: UploadStage[] = [];
  const sha256 = await uploadBlob(target(), new Blob([bytes]), { part: "input", partBytes: PART, onStage: (stage) => stages.push(stage) });
  expect([sha256, await stored(sha256)]).toEqual([sha256Of(bytes), sha256Of(bytes)]);
  const sending = stages.filter(({ stage }) => stage === "sending").map(({ doneBytes }) => doneBytes);
  expect(sending).toEqual(sending.toSorted((a, b) => a - b));
  expect([stages[0]?.stage, sending.at(-1)]).toEqual(["reading", bytes.length]);
});

test("a connection that breaks in the middle is waited for, and at most one part travels twice", async () => {
  const bytes = bytesOf(8 * PART);
  line.cutAfter = 5 * PART + 1000;
  const stages: string[] = [];
  const sha256 = await uploadBlob(target(), new Blob([bytes]), { part: "input", partBytes: PART, onStage: ({ stage }) => stages.push(stage) });
  expect(await stored(sha256)).toBe(sha256Of(bytes));
  expect(stages).toContain("waiting");
  expect(line.sentBytes).toBeLessThan(bytes.length + 2 * PART);
});

test("an upload that a process gave up goes on in another one, from the same bytes", async () => {
  const bytes = bytesOf(8 * PART);
  const closing = new AbortController();
  const onStage = ({ stage, doneBytes }: UploadStage) => {
    if (stage === "sending" && doneBytes >= 4 * PART) closing.abort(new Error("the tab was closed"));
  };
  // Told of every part only where time passes between them.
  const slow = { ...target(), fetch: ((...request) => new Promise((done) => setTimeout(done, 120)).then(() => fetch(...request))) as typeof fetch };
  await expect(uploadBlob(slow, new Blob([bytes]), { part: "input", partBytes: PART, onStage, signal: closing.signal })).rejects.toThrow("the tab was closed");
  const before = line.sentBytes;
  const sha256 = await uploadBlob(target(), new Blob([bytes]), { part: "input", partBytes: PART });
  expect(await stored(sha256)).toBe(sha256Of(bytes));
  expect(line.sentBytes - before).toBeLessThan(6 * PART);
  line.sentBytes = 0;
  await uploadBlob(target(), new Blob([bytes]), { part: "input", partBytes: PART });
  expect(line.sentBytes, "what the account has is not sent again").toBeLessThan(PART);
});

test("a restarted instance is waited for", async () => {
  const bytes = bytesOf(6 * PART);
  const { port } = server.address() as AddressInfo;
  let isDown = false;
  const restart = async () => {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
    server = await serve(port);
  };
  let restarted: Promise<void> | null = null;
  const onStage = ({ stage, doneBytes }: UploadStage) => {
    if (stage === "sending" && doneBytes > 0 && !isDown) {
      isDown = true;
      restarted = restart();
    }
  };
  const sha256 = await uploadBlob(target(), new Blob([bytes]), { part: "input", partBytes: PART, onStage });
  await restarted;
  expect([isDown, await stored(sha256)]).toEqual([true, sha256Of(bytes)]);
});

test("an instance that stays away ends it with what stood in the way; a refusal ends it at once", async () => {
  const away = { baseUrl: "http://127.0.0.1:9", token };
  await expect(uploadBlob(away, new Blob([bytesOf(PART + 1)]), { part: "input", partBytes: PART, giveUpMs: 0 })).rejects.toBeInstanceOf(OfflineError);
  await expect(uploadBlob(away, new Blob(["small"]), { part: "input", giveUpMs: 0 })).rejects.toBeInstanceOf(OfflineError);
  const stranger = { ...target(), token: async () => "shoal_nobody" };
  await expect(uploadBlob(stranger, new Blob([bytesOf(PART + 1)]), { part: "input", partBytes: PART })).rejects.toMatchObject({ code: "unauthenticated" });
});

test("a file that changed while it was sent is refused as other bytes, and is no artifact", async () => {
  const path = join(folder, "changing");
  const bytes = bytesOf(4 * PART);
  await writeFile(path, bytes);
  const file = await openAsBlob(path);
  const refused = expect(uploadBlob(target(), file, { part: "input", partBytes: PART, giveUpMs: 0 })).rejects.toThrow();
  await writeFile(path, bytesOf(4 * PART));
  await refused;
  expect(await services.blobs.size(sha256Of(bytes))).toBeNull();
});

/** 2 GiB under SHOAL_TEST_LONG; both halves run in this process, so that its memory is theirs together. */
test("memory stays flat, however large the file", { timeout: 600_000 }, async () => {
  const totalBytes = atSize(40 * MEBI, 2048 * MEBI);
  const path = join(folder, "large");
  const file = await open(path, "w");
  for (let at = 0; at < totalBytes; at += MEBI) await file.write(Buffer.alloc(MEBI, at / MEBI), 0, MEBI, at);
  await file.close();
  let peakBytes = 0;
  const before = process.memoryUsage().rss;
  const onStage = () => {
    peakBytes = Math.max(peakBytes, process.memoryUsage().rss);
  };
  await uploadBlob(target(), await openAsBlob(path), { part: "input", onStage });
  expect(peakBytes - before).toBeLessThan(atSize(32, 160) * MEBI);
});
