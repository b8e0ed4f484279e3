import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { isId, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { createArtifact as createArtifactEndpoint } from "#lib/protocol/artifacts/artifacts.ts";
import * as endpoints from "#lib/protocol/jobs/jobs.ts";
import { getLegal as getLegalEndpoint } from "#lib/protocol/legal/legal.ts";
import { createKey } from "#lib/server/accounts/keys/create-key.ts";
import { createArtifact } from "#lib/server/artifacts/create-artifact.ts";
import { chainEnvironment, type PoolConfig, readPool } from "#lib/server/config/chain-config.ts";
import { getLegal } from "#lib/server/consent/get-legal.ts";
import { handle, handleDownload, handleUpload } from "#lib/server/http/handle.ts";
import { cancelJob } from "#lib/server/jobs/cancel-job.ts";
import { createJob } from "#lib/server/jobs/create-job.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { createPool } from "#lib/server/pools/create-pool.ts";
import { makeAccount, type WalletOwner } from "#lib/testing/builders.ts";
import { makeZip } from "#lib/testing/make-zip.ts";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { serveHere } from "#lib/testing/serve-here.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { JobRequest } from "#sdk/job-request.ts";
import { createShoal, type Shoal } from "#sdk/shoal.ts";
import { type Ended, startHere } from "./testing/run-here.ts";

/*
 * What cannot be run is refused alike through every door: by an instance whom the SDK or the terminal asks, and by the terminal alone with --local. The dashboard's
 * words for the same refusals are held by the stories.
 */
let services: TestServices;
let server: Awaited<ReturnType<typeof serveHere>>;
let folder: string;
let key: string;
let owner: WalletOwner;
let shoal: Shoal;
let shout: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-bad-"));
  const [first, further] = [1, 8453].map((id) => ({ chain: { id, rpcUrl: "http://127.0.0.1:9" }, pool: poolCalled(`Chain ${id}`) }));
  services = await openTestServices({ ...first, furtherChains: further ? [further] : [] });
  const source = async () => services;
  server = await serveHere(
    {
      "GET /api/v1/legal": handle(getLegalEndpoint, getLegal, source),
      "POST /api/v1/artifacts": handleUpload(createArtifactEndpoint, createArtifact, source),
      "POST /api/v1/jobs": handle(endpoints.createJob, createJob, source),
      "GET /api/v1/jobs/{jobId}": handle(endpoints.getJob, getJob, source),
      "POST /api/v1/jobs/{jobId}/cancel": handle(endpoints.cancelJob, cancelJob, source),
      "GET /api/v1/jobs/{jobId}/results": handleDownload(endpoints.getResults, getResults, source),
    },
    services,
  );
  ({ ctx: owner } = await makeAccount(services));
  ({ secret: key } = await createKey(owner, { name: "all", scopes: ["jobs:read", "jobs:write", "artifacts:write"] }));
  shoal = createShoal({ url: server.url, key });
  shout = await readTestProgram("shout");
});
function poolCalled(name: string): PoolConfig {
  const pool = readPool(z.object(chainEnvironment).parse({ CHAIN_NAME: name, POOL_ESCROW: `0x${"ee".repeat(20)}` }));
  if (!pool) throw new Error("an escrow is a pool");
  return pool;
}
afterAll(async () => {
  await server.close();
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

const terminal = async (args: string[], as = key): Promise<Ended> => await startHere([...args, "--server", server.url, "--key", as], { env: {} }).ended;
const refusedBy = ({ err }: Ended) => JSON.parse(err.trim().split("\n").at(-1) ?? "").error as { code: string; params: object };
const zipOf = (name: string, content: string, claims: Parameters<typeof makeZip>[0][number]["claims"] = {}) => makeZip([{ name, content, claims }]);
const huge = { mode: "grid", axes: ["a", "b"].map((name) => ({ name, from: 0, to: 1, count: 10_000 })) } as const;

type Bad = { slicing: JobRequest["slicing"]; input?: string | Uint8Array<ArrayBuffer>; args?: string[]; program?: Uint8Array<ArrayBuffer> };
const lines = { mode: "lines" } as const;
const CASES: [string, Bad, { code: string; params: object }][] = [
  ["an empty input", { slicing: lines, input: "" }, { code: "input_empty", params: { records: "lines" } }],
  ["a table of one header", { slicing: { mode: "csv" }, input: "a,b\n" }, { code: "input_empty", params: {} }],
  ["a table with a broken row", { slicing: { mode: "csv" }, input: "a,b\n1,2\n3\n" }, { code: "input_malformed", params: { format: "CSV", line: 3 } }],
  ["text that is not FASTA", { slicing: { mode: "fasta" }, input: "AC\n" }, { code: "input_malformed", params: { format: "FASTA", line: 1 } }],
  ["a document that is not JSON", { slicing: { mode: "ndjson" }, input: "{}\n{\n" }, { code: "input_malformed", params: { line: 2 } }],
  ["a zip that climbs out of its folder", { slicing: { mode: "files" }, input: zipOf("../up", "x") }, { code: "zip_refused", params: {} }],
  ["a zip bomb", { slicing: { mode: "files" }, input: zipOf("a", "x", { bytes: 100 * 2 ** 20 }) }, { code: "zip_refused", params: {} }],
  ["no zip", { slicing: { mode: "files" }, input: "hello" }, { code: "zip_refused", params: {} }],
  ["more shards than there may be", { slicing: huge }, { code: "shards_too_many", params: { count: 1e8 } }],
  [
    "a placeholder of another slicing",
    { slicing: lines, input: "a\n", args: ["ok", "{from}"] },
    { code: "arguments_refused", params: { field: "program.args.1" } },
  ],
  [
    "a program that needs what no device gives",
    { slicing: lines, input: "a\n", program: assembleModule({ memories: [[0x03, 1, 1]] }) },
    { code: "program_refused", params: {} },
  ],
  ["a program that is none", { slicing: lines, input: "a\n", program: new TextEncoder().encode("#!/bin/sh\n") }, { code: "program_refused", params: {} }],
];

describe.each(CASES)("%s is refused with its reason", (name, { slicing, input, args = [], program }, refusal) => {
  const commandLine = async (): Promise<string[]> => {
    const [wasm, data] = [join(folder, `${name}.wasm`), join(folder, `${name}.in`)];
    await writeFile(wasm, program ?? shout);
    if (input !== undefined) await writeFile(data, input);
    return [wasm, "--split", JSON.stringify(slicing), "--json", ...(input === undefined ? [] : ["--input", data]), "--", ...args];
  };

  test("by the SDK", async () => {
    const asked = shoal.run({ slicing, program: program ?? shout, args, ...(input === undefined ? {} : { input }) });
    await expect(asked).rejects.toMatchObject({ name: "ApiError", code: refusal.code, params: refusal.params });
  });

  test("by the terminal on an instance, and with --local", async () => {
    const line = await commandLine();
    const near = await startHere(["run", "--local", "--cores", "1", ...line], { env: {} }).ended;
    const far = await startHere(["submit", ...line], { env: { SHOAL_SERVER: server.url, SHOAL_API_KEY: key } }).ended;
    for (const ended of [far, near]) {
      expect(ended).toMatchObject({ code: 1, out: "" });
      expect(refusedBy(ended)).toMatchObject(refusal);
    }
  });
});

test("a million points are cut and submitted as quickly as ten, and not one of them is a row", async () => {
  const axes = ["x", "y"].map((name) => ({ name, from: 0, to: 1, count: 1000 }));
  const job = await shoal.run({
    program: shout,
    slicing: { mode: "grid", axes },
    args: ["{x}", "{y}"],
    price: { replicaMicro: "0" },
    verification: { quorum: 1 },
  });
  expect(isId("job", job.id)).toBe(true);
  expect(await services.db`select 1 from shards limit 1`).toHaveLength(0);
  await job.cancel();
});

test("a job is paid on the chain that it names, with the money that is there; a chain that the instance does not have is refused with those that it has", async () => {
  await writeFile(join(folder, "p.wasm"), shout);
  const submit = async (...args: string[]) => await terminal(["submit", join(folder, "p.wasm"), "--split", "range:0..1", "--json", ...args]);
  const purseOf = async (jobId: string) => (await services.db<{ purse: number }[]>`select purse from jobs where id = ${uuidOf(jobId as JobId)}`)[0]?.purse;
  const request = { program: shout, slicing: { mode: "range", from: 0, to: 1 } } as const;
  // All of the account's money is on the first chain.
  const [unknown, short] = [
    { code: "chain_unknown", params: { chainId: "5", chains: "1, 8453" } },
    { code: "funds_short", params: { have: "0" } },
  ];
  expect(refusedBy(await submit("--chain", "5"))).toMatchObject(unknown);
  expect(refusedBy(await submit("--chain", "8453"))).toMatchObject(short);
  await expect(shoal.run({ ...request, price: { chainId: 5 } })).rejects.toMatchObject(unknown);
  await expect(shoal.run({ ...request, price: { chainId: 8453 } })).rejects.toMatchObject(short);
  const there = JSON.parse((await submit("--chain", "8453", "--price", "0")).out) as { id: string; price: object };
  expect(there.price).toMatchObject({ replicaMicro: "0", chainId: 8453 });
  expect(await purseOf(there.id)).toBe(8453);
  expect(await purseOf((await shoal.run({ ...request, price: { chainId: 8453, replicaMicro: "0" } })).id)).toBe(8453);
  expect(await purseOf((await shoal.run({ ...request, price: { chainId: 1 } })).id)).toBe(0);
  expect(await terminal(["run", join(folder, "p.wasm"), "--split", "range:0..1", "--chain", "base"])).toMatchObject({
    code: 2,
    err: expect.stringContaining("price.chainId"),
  });
});

test("how replicas are compared is said in options as in a job.json, and refused by the field that is wrong", async () => {
  await writeFile(join(folder, "p.wasm"), shout);
  const submit = async (...args: string[]) => await terminal(["submit", join(folder, "p.wasm"), "--split", "range:0..1", "--price", "0", "--json", ...args]);
  const verification = async (...args: string[]) => {
    const { id } = JSON.parse((await submit(...args)).out) as { id: JobId };
    return (await services.db<{ taken: object }[]>`select spec -> 'verification' as taken from jobs where id = ${uuidOf(id)}`)[0]?.taken;
  };
  const compare = { kind: "text", absolute: 0, relative: 1e-9, ignoreTrailingSpace: true };
  expect(await verification("--quorum", "2", "--replicas-max", "3", "--compare", JSON.stringify(compare))).toMatchObject({
    quorum: 2,
    replicasMax: 3,
    compare,
  });
  expect(await verification("--compare", "json")).toMatchObject({ compare: { kind: "json" } });
  for (const [args, field] of [
    [["--compare", "near"], "verification.compare"],
    [["--compare", "image"], "verification.compare"],
    [["--quorum", "3", "--replicas-max", "2"], "verification.replicasMax"],
    [["--replicas-max", "many"], "verification.replicasMax"],
  ] as const)
    expect(await submit(...args)).toMatchObject({ code: 2, err: expect.stringContaining(field) });
  expect(await submit("--compare", "{")).toMatchObject({ code: 2, err: expect.stringContaining("--compare is not JSON") });
});

test("a job for a pool is its members' to submit; a pool that one does not belong to is as good as none", async () => {
  await writeFile(join(folder, "p.wasm"), shout);
  const submit = async (pool: string) => await terminal(["submit", join(folder, "p.wasm"), "--split", "range:0..1", "--price", "0", "--json", "--pool", pool]);
  const { id: pool } = await createPool(owner, { name: "Lab" });
  const { id: foreign } = await createPool((await makeAccount(services)).ctx, { name: "Theirs" });
  expect(JSON.parse((await submit(pool)).out)).toMatchObject({ pool });
  const request = { program: shout, slicing: { mode: "range", from: 0, to: 1 }, price: { replicaMicro: "0" } } as const;
  expect(await (await shoal.run({ ...request, visibility: { kind: "pool", pool } })).view()).toMatchObject({ pool });
  const unknown = { code: "not_found", params: { what: "pool" } };
  for (const id of [foreign, `pol_${"0".repeat(32)}` as const]) {
    expect(refusedBy(await submit(id))).toMatchObject(unknown);
    await expect(shoal.run({ ...request, visibility: { kind: "pool", pool: id } })).rejects.toMatchObject(unknown);
  }
  expect(await submit("Lab")).toMatchObject({ code: 2, err: expect.stringContaining("visibility.pool") });
});

test("the result of a job that was cancelled without one does not exist, and is told so", async () => {
  const job = await shoal.run({ program: shout, slicing: lines, input: "a\n" });
  await job.cancel();
  await expect(job.download()).rejects.toMatchObject({ code: "conflict" });
  expect(await terminal(["results", job.id])).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/ended/) });
});

test("a key without the scope is told which one it needs before anything is uploaded", async () => {
  const { ctx } = await makeAccount(services);
  const { secret } = await createKey(ctx, { name: "reader", scopes: ["jobs:read"] });
  await writeFile(join(folder, "p.wasm"), shout);
  const ended = await terminal(["submit", join(folder, "p.wasm"), "--split", "range:0..1", "--json"], secret);
  expect(refusedBy(ended)).toMatchObject({ code: "key_scope", params: { scope: "artifacts:write" } });
});
