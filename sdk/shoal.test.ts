import { execFile } from "node:child_process";
import { openAsBlob } from "node:fs";
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ApiError } from "#lib/protocol/errors.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { JobEndedError, ShardFailedError } from "./errors.ts";
import type { ShardResult } from "./follow-outputs.ts";
import { createShoal, type Shoal } from "./shoal.ts";
import type { UploadProgress } from "./upload.ts";

const TEST_MS_MAX = 120_000;
/** One device's word is enough where the test is not about agreement. */
const ALONE = { verification: { quorum: 1 } } as const;

let instance: TestInstance;
let shoal: Shoal;
let program: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  // With its duties, as every instance has them: what a busy device loses is given out again.
  instance = await openTestInstance({ hasBackground: true });
  program = await readTestProgram("shout");
  shoal = createShoal({ url: instance.url, key: (await instance.makeOwner()).key });
  await Promise.all([instance.startDevice(), instance.startDevice()]);
});
afterAll(async () => await instance.close());

const lines = (count: number): string => Array.from({ length: count }, (_, i) => `line ${i}\n`).join("");
const shown = (result: ShardResult) => (result.ok ? [result.no, result.text()] : [result.no, result.reason?.code]);
const all = async <T>(items: AsyncIterable<T>): Promise<T[]> => {
  const taken: T[] = [];
  for await (const item of items) taken.push(item);
  return taken;
};

describe("run", { timeout: TEST_MS_MAX }, () => {
  test("submits, and results come in order as two devices agree on them", async () => {
    const uploads: UploadProgress[] = [];
    const request = { name: "Shout", program, args: ["{shard}:"], input: lines(5), slicing: { mode: "lines", linesPerShard: 2 } } as const;
    const job = await shoal.run({ ...request, args: [...request.args] }, { onUpload: (progress) => uploads.push(progress) });
    expect((await all(job.results())).map(shown)).toEqual([
      [0, "0: LINE 0\nLINE 1\n"],
      [1, "1: LINE 2\nLINE 3\n"],
      [2, "2: LINE 4\n"],
    ]);
    expect(await job.wait()).toMatchObject({ name: "Shout", state: "final", acceptedCount: 3 });
    const { body, shards } = await job.download();
    expect([await new Response(body).text(), shards]).toEqual(["0: LINE 0\nLINE 1\n1: LINE 2\nLINE 3\n2: LINE 4\n", { held: 3, total: 3 }]);
    for (const part of ["program", "input"] as const) {
      const told = uploads.filter((progress) => progress.part === part);
      expect(told[0]).toMatchObject({ sentBytes: 0, totalBytes: part === "program" ? program.length : lines(5).length });
      expect(told.at(-1)?.sentBytes).toBe(told[0]?.totalBytes);
    }
  });

  test("takes a job up again by its id, from a later shard on", async () => {
    const { id } = await shoal.run({ program, input: lines(4), slicing: { mode: "lines" }, ...ALONE });
    expect((await all(shoal.job(id).results({ from: 2 }))).map(shown)).toEqual([
      [2, "LINE 2\n"],
      [3, "LINE 3\n"],
    ]);
    await shoal.job(id).wait({ until: "final" });
    expect((await all(shoal.jobs({ state: "final" }))).map((job) => job.id)).toContain(id);
  });

  test("gives an output that is too large for its row whole", async () => {
    const input = `${"x".repeat(20_000)}\n`;
    const job = await shoal.run({ program: await openAsBlob("lib/testing/programs/shout.wasm"), input, slicing: { mode: "lines" }, ...ALONE });
    expect((await all(job.results())).map(shown)).toEqual([[0, input.toUpperCase()]]);
  });

  test("says of a failed shard why, and goes on to the others", async () => {
    const job = await shoal.run({ program, args: ["--fail-on", "1"], input: lines(3), slicing: { mode: "lines" }, ...ALONE });
    expect((await all(job.results())).map(shown)).toEqual([
      [0, "LINE 0\n"],
      [1, "shard_failed_alike"],
      [2, "LINE 2\n"],
    ]);
    expect(await job.failures()).toMatchObject({ groups: [{ count: 1, exitCode: 3, shards: [1], stderr: "found 1\n" }], looked: 1 });
  });
});

describe("a submission whose answer is lost", { timeout: TEST_MS_MAX }, () => {
  /** Does what is asked, and loses the first answer to a submission. */
  const losing = () => {
    const sent: (string | null)[] = [];
    const over: typeof fetch = async (input, init) => {
      const response = await fetch(input, init);
      if (init?.method !== "POST" || !String(input).endsWith("/api/v1/jobs")) return response;
      sent.push(new Headers(init.headers).get("idempotency-key"));
      if (sent.length > 1) return response;
      throw new TypeError("the connection was lost");
    };
    return { sent, over };
  };

  test("is sent again under the same key, and is one job", async () => {
    const { sent, over } = losing();
    const { key } = await instance.makeOwner();
    const mine = createShoal({ url: instance.url, key, fetch: over });
    const job = await mine.run({ program, input: lines(1), slicing: { mode: "lines" }, ...ALONE });
    expect(sent).toEqual([expect.stringMatching(/^[0-9a-f]{32}$/), sent[0]]);
    expect((await all(mine.jobs())).map(({ id }) => id)).toEqual([job.id]);
  });

  test("comes back to its job from another process under a key that is given, and to none with another request", async () => {
    const request = { program, input: lines(1), slicing: { mode: "lines" }, ...ALONE } as const;
    const job = await shoal.run(request, { idempotencyKey: "nightly" });
    expect((await shoal.run(request, { idempotencyKey: "nightly" })).id).toBe(job.id);
    await expect(shoal.run({ ...request, name: "Another" }, { idempotencyKey: "nightly" })).rejects.toMatchObject({ code: "idempotency_key_reused" });
    expect((await shoal.run(request)).id).not.toBe(job.id);
  });
});

describe("what is refused", () => {
  const refused = async (call: Promise<unknown>): Promise<ApiError> => {
    const error = await call.then(
      () => expect.unreachable("it should have been refused"),
      (caught: unknown) => caught,
    );
    if (!(error instanceof ApiError)) throw error;
    return error;
  };

  test("names its field before a byte has travelled", async () => {
    const uploads: unknown[] = [];
    const request = { program, input: "x\n", slicing: { mode: "lines", linesPerShard: 0 } } as const;
    const error = await refused(shoal.run(request, { onUpload: (progress) => uploads.push(progress) }));
    expect([error.code, error.field, uploads]).toEqual(["bad_request", "slicing.linesPerShard", []]);
    expect(() => createShoal({ url: "ftp://x" })).toThrow("url");
    expect(() => shoal.job("job_1")).toThrow("id");
  });

  test("by the instance has the instance's code, and a key without the scope is told which", async () => {
    const error = await refused(shoal.run({ program: new Uint8Array([0, 1, 2]), input: "x\n", slicing: { mode: "lines" }, ...ALONE }));
    expect(error.code).toBe("program_refused");
    const reader = createShoal({ url: instance.url, key: (await instance.makeOwner(["jobs:read"])).key });
    const weak = await refused(reader.upload(program, { part: "program" }));
    expect([weak.code, weak.params]).toEqual(["key_scope", { scope: "artifacts:write" }]);
  });

  test("is somebody else's job, by every door", async () => {
    const { id } = await shoal.run({ program, input: lines(1), slicing: { mode: "lines" }, ...ALONE });
    const stranger = createShoal({ url: instance.url, key: (await instance.makeOwner()).key }).job(id);
    const attempts = [
      () => stranger.view(),
      () => stranger.results().next(),
      () => stranger.download(),
      () => stranger.cancel(),
      () => stranger.discardResults(),
    ];
    for (const attempt of attempts) expect((await refused(attempt())).code).toBe("not_found");
  });
});

describe("the end", { timeout: TEST_MS_MAX }, () => {
  test("of a cancelled job is told after the results there are", async () => {
    const job = await shoal.run({ program, args: ["--fail-on", "nothing"], input: lines(2000), slicing: { mode: "lines" }, ...ALONE });
    const results = job.results();
    expect((await results.next()).value).toMatchObject({ no: 0, ok: true });
    await job.cancel();
    await expect(all(results)).rejects.toBeInstanceOf(JobEndedError);
    await expect(job.wait()).rejects.toMatchObject({ name: "JobEndedError", state: "cancelled", jobId: job.id });
  });

  test("by an abort is the caller's own reason, while it waits and while it uploads", async () => {
    const reason = new Error("enough");
    const job = await shoal.run({ program, input: lines(1), slicing: { mode: "lines" }, verification: { quorum: 3, replicasMax: 3 } });
    const waiting = job.wait({ signal: AbortSignal.any([abortAfter(300, reason)]) });
    await expect(waiting).rejects.toBe(reason);
    await job.cancel();
    await expect(shoal.run({ program, input: lines(1), slicing: { mode: "lines" } }, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });
});

test("an owner raises the budget of an open job, publishes it and lets people in, and takes both back", { timeout: TEST_MS_MAX }, async () => {
  const job = await shoal.run({ program, input: lines(1), slicing: { mode: "lines" }, verification: { quorum: 3, replicasMax: 3 } });
  const reservedMicro = BigInt((await job.view()).money.reservedMicro) + 5n;
  for (let i = 0; i < 2; i++) expect((await job.raiseBudget({ reservedMicro })).money.reservedMicro).toBe(String(reservedMicro));
  await expect(job.raiseBudget({ reservedMicro: reservedMicro - 1n })).rejects.toMatchObject({ code: "bad_request", field: "reservedMicro" });
  const { publishedAt } = await job.publish();
  expect((await fetch(`${instance.url}/api/v1/results/${job.id}`)).status).toBe(200);
  expect(Date.parse(publishedAt ?? "")).toBeGreaterThan(0);
  expect(await job.unpublish()).toEqual({ publishedAt: null });
  expect((await fetch(`${instance.url}/api/v1/results/${job.id}`)).status).toBe(404);
  const [{ accountId, key }, address] = [await instance.makeOwner(), `0x${"ab".repeat(20)}`];
  const theirs = createShoal({ url: instance.url, key }).job(job.id);
  await expect(theirs.view()).rejects.toMatchObject({ code: "not_found" });
  await job.setMember({ address, role: "manage" });
  await job.setMember({ address: accountId, role: "view" });
  expect((await theirs.view()).role).toBe("view");
  expect(await job.removeMember(address)).toEqual(await job.members());
  await job.removeMember((await job.members()).members[0]?.address ?? "");
  await expect(theirs.view()).rejects.toMatchObject({ code: "not_found" });
  await job.cancel();
});

describe("discardResults", { timeout: TEST_MS_MAX }, () => {
  test("deletes what a closed job computed for good, once or twice, and nothing of a job that still computes", async () => {
    const job = await shoal.run({ program, input: lines(2), slicing: { mode: "lines" }, ...ALONE });
    const open = await shoal.run({ program, input: lines(1), slicing: { mode: "lines" }, verification: { quorum: 3, replicasMax: 3 } });
    await job.wait({ until: "final" });
    expect((await job.discardResults()).results.areGone).toBe(true);
    await expect(job.download()).rejects.toMatchObject({ code: "result_gone" });
    expect(await job.discardResults()).toMatchObject({ acceptedCount: 2, results: { areGone: true } });
    await expect(open.discardResults()).rejects.toMatchObject({ code: "conflict" });
    await open.cancel();
  });
});

describe("map", { timeout: TEST_MS_MAX }, () => {
  test("gives a value for each item in their order, through several jobs and shards of several items", async () => {
    const items = Array.from({ length: 25 }, (_, i) => ({ word: `w${i}` }));
    const options = { ...ALONE, itemsPerShard: 4, itemsPerJob: 10, decode: (text: string) => JSON.parse(text) as { WORD: string } };
    expect((await all(shoal.map(items, program, options))).map(({ WORD }) => WORD)).toEqual(items.map(({ word }) => word.toUpperCase()));
  });

  test("takes no more of an endless source than two jobs hold, and cancels what is left when the loop is left", async () => {
    let taken = 0;
    function* numbers() {
      for (;;) yield `n${taken++}`;
    }
    for await (const text of shoal.map(numbers(), program, { ...ALONE, name: "Endless", itemsPerJob: 20 })) {
      expect(text).toBe("N0");
      break;
    }
    expect(taken).toBeLessThanOrEqual(60);
    const endless = (await all(shoal.jobs())).filter(({ name }) => name === "Endless");
    expect(endless.length).toBeGreaterThan(0);
    for (const job of endless) expect(["cancelled", "final"]).toContain(job.state);
  });

  test("computes the same items once under one key", async () => {
    const { key } = await instance.makeOwner();
    const mine = createShoal({ url: instance.url, key });
    const items = Array.from({ length: 15 }, (_, i) => `w${i}`);
    const options = { ...ALONE, itemsPerJob: 10, idempotencyKey: "nightly" };
    const values = await all(mine.map(items, program, options));
    expect(values).toEqual(items.map((item) => item.toUpperCase()));
    expect(await all(mine.map(items, program, options))).toEqual(values);
    expect(await all(mine.jobs())).toHaveLength(2);
  });

  test("ends with the shard that failed, and with a program that writes another number of lines", async () => {
    await expect(all(shoal.map(["good", "bad"], program, { ...ALONE, args: ["--fail-on", "bad"] }))).rejects.toBeInstanceOf(ShardFailedError);
    await expect(all(shoal.map(["a\nb"], program))).rejects.toThrow("Item 0 has a line break");
  });
});

test("the guide's examples run as they stand", { timeout: TEST_MS_MAX }, async () => {
  const page = await readFile("docs/guide/use-the-sdk.md", "utf8");
  const [first = "", ...others] = [...page.matchAll(/^```ts\n(.*?)^```/gms)].map(([, code]) => code);
  for (const words of ["job.raiseBudget(", "shoal.map("]) expect(others.join("")).toContain(words);
  // Inside the project, where #sdk leads to the SDK.
  await mkdir(".local", { recursive: true });
  const folder = await mkdtemp(resolve(".local/guide-"));
  try {
    const code = `${first}const program = await openAsBlob("count.wasm");\n${others.join("")}`.replace("https://shoal.example", instance.url);
    await writeFile(join(folder, "example.ts"), code);
    await writeFile(join(folder, "text.txt"), lines(1500));
    await copyFile("lib/testing/programs/shout.wasm", join(folder, "count.wasm"));
    const env = { ...process.env, SHOAL_API_KEY: (await instance.makeOwner()).key };
    const { stdout } = await promisify(execFile)(process.execPath, ["example.ts"], { cwd: folder, env });
    const upper = lines(1500).toUpperCase().split("LINE 1000\n");
    expect(stdout).toBe(`0 ${upper[0]}\n1 LINE 1000\n${upper[1]}\nA\nB\nC\n`);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

function abortAfter(ms: number, reason: Error): AbortSignal {
  const controller = new AbortController();
  setTimeout(() => controller.abort(reason), ms);
  return controller.signal;
}
