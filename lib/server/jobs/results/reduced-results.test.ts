import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobSpec } from "#lib/domain/job/job.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { makeSubmission } from "#lib/testing/submission.ts";
import type { Context } from "../../context.ts";
import { createJob } from "../create-job.ts";
import { getResults } from "../get-results.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 1_000_000_000_000n)).ctx;
});
afterAll(() => services.close());

async function makeReduced(shardCount: number, change: Pick<JobSpec, "output" | "reducer">): Promise<JobId> {
  const { jobId, spec } = await makeJob(services, owner.principal.accountId, { shardCount, priceMicro: 1n });
  await services.db`update jobs set spec = ${services.db.json({ ...spec, ...change })} where id = ${uuidOf(jobId)}`;
  return jobId;
}

/** Accepts these shards with these outputs, as verdicts do. */
async function accept(jobId: JobId, nos: readonly number[], outputOf: (no: number) => string | Uint8Array): Promise<void> {
  const rows = nos.map((no) => ({ no, output: Buffer.from(outputOf(no)) }));
  await services.db`
    insert into shards (job_id, no, verdict, outcome, digest, output, output_bytes, decided_at)
    select ${uuidOf(jobId)}::uuid, no, 'accepted', 'ok', decode(digest, 'hex'), decode(output, 'hex'), length(output) / 2, now()
    from unnest(${rows.map((row) => row.no)}::int[], ${rows.map((row) => createHash("sha256").update(row.output).digest("hex"))}::text[],
      ${rows.map((row) => row.output.toString("hex"))}::text[]) as r (no, digest, output)`;
  await services.db`
    insert into job_counters (job_id, stripe, accepted) values (${uuidOf(jobId)}, 0, ${rows.length})
    on conflict (job_id, stripe) do update set accepted = job_counters.accepted + excluded.accepted`;
}

async function download(jobId: JobId): Promise<{ bytes: Buffer; headers: Record<string, string> }> {
  const { body, headers } = await getResults(owner, { jobId });
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return { bytes: Buffer.concat(parts), headers };
}

const span = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => from + i);
const folded = async (jobId: JobId) => await services.db`select block_no, shards from job_folds where job_id = ${uuidOf(jobId)} order by block_no`;

describe("a reducer of numbers", () => {
  test("grows with what is accepted; blocks that are whole are folded once, and the result says the same before and after", async () => {
    const jobId = await makeReduced(2500, { output: { format: "text" }, reducer: { kind: "sum" } });
    await accept(jobId, [...span(0, 1000), ...span(1024, 2048)], String);
    const value = async () => JSON.parse((await download(jobId)).bytes.toString()).value;
    const sum = (nos: number[]) => nos.reduce((total, no) => total + no, 0);
    expect(await value()).toBe(sum([...span(0, 1000), ...span(1024, 2048)]));
    expect(await folded(jobId)).toEqual([{ block_no: 1, shards: 1024 }]);
    await accept(jobId, [...span(1000, 1024), ...span(2048, 2500)], String);
    const { bytes, headers } = await download(jobId);
    expect(JSON.parse(bytes.toString())).toEqual({ reducer: "sum", value: sum(span(0, 2500)), count: 2500, missing: 0 });
    expect(headers).toMatchObject({ "content-type": "application/json", "x-shoal-shards": "2500/2500" });
    expect((await folded(jobId)).map((row) => row.shards)).toEqual([1024, 1024, 452]);
    // What is folded is not read again.
    await services.db`update shards set output = '9' where job_id = ${uuidOf(jobId)}`;
    expect(await value()).toBe(sum(span(0, 2500)));
  });

  test("a block with a shard that may still be taken back is not kept", async () => {
    const jobId = await makeReduced(3, { output: { format: "csv" }, reducer: { kind: "top-k", k: 2, order: "largest", field: "v" } });
    await accept(jobId, [0, 1, 2], (no) => `v,n\n${no},row ${no}\n`);
    await services.db`update shards set window_no = 7 where job_id = ${uuidOf(jobId)} and no = 2`;
    expect((await download(jobId)).bytes.toString()).toBe("v,n\n2,row 2\n1,row 1\n");
    expect(await folded(jobId)).toEqual([]);
    await services.db`update shards set verdict = 'open' where job_id = ${uuidOf(jobId)} and no = 2`;
    await services.db`update job_counters set accepted = 2 where job_id = ${uuidOf(jobId)}`;
    expect((await download(jobId)).bytes.toString()).toBe("v,n\n1,row 1\n0,row 0\n");
  });
});

test("json documents become one array", async () => {
  const jobId = await makeReduced(3, { output: { format: "json" }, reducer: { kind: "concat" } });
  await accept(jobId, [0, 2], (no) => JSON.stringify({ no }));
  expect(JSON.parse((await download(jobId)).bytes.toString())).toEqual([{ no: 0 }, { no: 2 }]);
});

test("a mosaic is a PNG at any time: tiles at their places, nothing where none is yet", async () => {
  const tile = { width: 2, height: 2, pixels: "rgb8" } as const;
  const jobId = await makeReduced(5, { output: { format: "tile", tile }, reducer: { kind: "mosaic", columns: 3 } });
  await accept(jobId, [0, 2, 4], (no) => (no === 2 ? new Uint8Array(5) : new Uint8Array(12).fill(10 + no)));
  const { bytes, headers } = await download(jobId);
  expect(headers["content-type"]).toBe("image/png");
  expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20), bytes[24], bytes[25]]).toEqual([6, 4, 8, 2]);
  const parts: Buffer[] = [];
  for (let at = 8; at < bytes.length; at += 12 + bytes.readUInt32BE(at))
    if (bytes.toString("latin1", at + 4, at + 8) === "IDAT") parts.push(bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at)));
  const lines = inflateSync(Buffer.concat(parts));
  const pixel = (x: number, y: number) => lines[y * 19 + 1 + x * 3];
  expect([0, 1, 2, 3].map((y) => [0, 2, 4].map((x) => pixel(x, y)))).toEqual([
    [10, 0, 0],
    [10, 0, 0],
    [0, 14, 0],
    [0, 14, 0],
  ]);
});

test.each([
  ["a mosaic of texts", { output: { format: "text" }, reducer: { kind: "mosaic", columns: 2 } }, "reducer.kind"],
  ["a tile without its size", { output: { format: "tile" } }, "output.tile"],
  ["a size of no tile", { output: { format: "text", tile: { width: 1, height: 1, pixels: "grey8" } } }, "output.tile"],
  [
    "a tile larger than an output may be",
    { output: { format: "tile", tile: { width: 4096, height: 4096, pixels: "grey8" } }, reducer: { kind: "mosaic", columns: 1 } },
    "output.tile",
  ],
  [
    "a row of tiles that fits no memory",
    { output: { format: "tile", tile: { width: 512, height: 512, pixels: "rgba8" } }, reducer: { kind: "mosaic", columns: 10_000 } },
    "reducer.columns",
  ],
  ["a sum of bytes", { reducer: { kind: "sum" } }, "reducer.kind"],
  ["a column of a text", { output: { format: "text" }, reducer: { kind: "sum", field: "x" } }, "reducer.field"],
  ["documents without a member", { output: { format: "ndjson" }, reducer: { kind: "mean" } }, "reducer.field"],
  [
    "outputs too large to be reduced",
    { output: { format: "text" }, reducer: { kind: "sum" }, limits: { outputBytesMax: 5 * 2 ** 20 } },
    "limits.outputBytesMax",
  ],
])("%s is refused at its field", async (_, shape, field) => {
  await expect(createJob(owner, await makeSubmission(owner, shape))).rejects.toMatchObject({ code: "bad_request", params: { field } });
});
