import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import { fillArguments } from "#lib/domain/program/argv.ts";
import { shardValues } from "#lib/domain/slicing/shard-values.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { makeZip } from "#lib/testing/make-zip.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, upload } from "#lib/testing/submission.ts";
import { GrantInput } from "#workers/volunteer/running/input-parts.ts";
import type { Context } from "../../context.ts";
import { presentGrants } from "../../exchange/granting/present-grants.ts";
import { JobSnapshot } from "../../exchange/job-snapshot.ts";
import { newId } from "../../ids.ts";
import { createJob } from "../create-job.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
});
afterAll(() => services.close());

async function submit(slicing: object, input: string | Uint8Array | null, args: string[] = []): Promise<{ jobId: JobId; shardCount: number }> {
  const spec = await makeSubmission(owner, { slicing, ...(input === null ? {} : { input: await upload(owner, "input", input) }) });
  const view = await createJob(owner, { ...spec, program: { ...spec.program, args } });
  return { jobId: idOf("job", view.id.slice(4)), shardCount: view.shardCount };
}

/** What a device that was granted these shards gives the program: arguments and stdin, fetched by byte ranges as a device fetches them. */
async function givenTo({ jobId }: { jobId: JobId }, fromNo: number, toNo: number): Promise<[string, string][]> {
  const request = { grants: [{ jobId, id: newId("grt"), fromNo, toNo }], knownJobs: [] };
  const { grants, manifests } = await presentGrants(services, new JobSnapshot(services), request);
  const [grant, manifest] = [grants[0], manifests[0]];
  if (!grant || !manifest) throw new Error("nothing was granted");
  const { input: view } = grant;
  const fetchRange = (url: string, { from, to }: { from: number; to: number }) =>
    services.blobs.readBytes(/artifacts\/([0-9a-f]{64})/.exec(url)?.[1] ?? "", { start: from, end: to });
  const input = view ? new GrantInput({ fromNo, input: view }, fetchRange) : null;
  const given: [string, string][] = [];
  for (let no = fromNo; no < toNo; no++) {
    const stdin = (await input?.take(no)) ?? new Uint8Array();
    const filled = fillArguments(manifest.args, shardValues(manifest.slicing, no, { bytes: stdin.length, file: input?.nameOf(no) }));
    given.push([filled.ok ? filled.args.join(" ") : filled.problem.message, new TextDecoder().decode(stdin)]);
  }
  return given;
}

test("csv: every shard reads the header and its rows, whichever grant it comes in", async () => {
  const job = await submit({ mode: "csv", recordsPerShard: 2 }, 'a,b\n1,2\n"3\n",4\n5,6\n');
  expect(job.shardCount).toBe(2);
  expect(await givenTo(job, 0, 2)).toEqual([
    ["", 'a,b\n1,2\n"3\n",4\n'],
    ["", "a,b\n5,6\n"],
  ]);
  expect(await givenTo(job, 1, 2)).toEqual([["", "a,b\n5,6\n"]]);
});

test("ndjson: every shard reads its documents", async () => {
  expect(await givenTo(await submit({ mode: "ndjson" }, '{"a":1}\n\n[2]\n'), 1, 2)).toEqual([["", "[2]\n"]]);
});

test("bytes: every shard reads its block and is told where it lies, and there is no index", async () => {
  const job = await submit({ mode: "bytes", bytesPerShard: 4 }, "abcdefghij", ["{from}-{to}"]);
  expect(await givenTo(job, 1, 3)).toEqual([
    ["4-8", "efgh"],
    ["8-10", "ij"],
  ]);
  expect(await services.db`select 1 from job_artifacts where job_id = ${job.jobId.slice(4)} and part = 'index'`).toHaveLength(0);
});

test("files: every shard reads a file of the zip and is told its name", async () => {
  const names = Array.from({ length: 30 }, (_, i) => `sub/file-${String(i).padStart(2, "0")} ä.txt`);
  const zip = makeZip(names.toReversed().map((name) => ({ name, content: `content of ${name}` })));
  const job = await submit({ mode: "files" }, zip, ["{file}"]);
  expect(job.shardCount).toBe(30);
  expect(await givenTo(job, 0, 30)).toEqual(names.map((name) => [name, `content of ${name}`]));
  expect(await givenTo(job, 17, 18)).toEqual([[names[17], `content of ${names[17]}`]]);
});

test("grid and repeat: every shard is told its values, and nothing is stored for them", async () => {
  const axes = [
    { name: "x", from: 0, to: 1, count: 3 },
    { name: "how", values: ["a", "b"] },
  ];
  expect(await givenTo(await submit({ mode: "grid", axes }, null, ["--x={x}", "{how}"]), 1, 4)).toEqual([
    ["--x=0 b", ""],
    ["--x=0.5 a", ""],
    ["--x=0.5 b", ""],
  ]);
  expect(await givenTo(await submit({ mode: "repeat", runs: 5 }, null, ["{run}"]), 3, 5)).toEqual([
    ["3", ""],
    ["4", ""],
  ]);
});

test.each([
  ["a broken row of a table", { mode: "csv" }, "a,b\n1,2\n3\n", { code: "input_malformed", params: { format: "CSV", line: 3 } }],
  ["half a document", { mode: "ndjson" }, "{}\n{\n", { code: "input_malformed", params: { line: 2 } }],
  ["a path that climbs out of a zip", { mode: "files" }, makeZip([{ name: "../x", content: "y" }]), { code: "zip_refused" }],
  [
    "a bomb whose second file unpacks to more than it says",
    { mode: "files" },
    makeZip([
      { name: "a", content: "fine" },
      { name: "b", content: new Uint8Array(1e6), claims: { bytes: 5 } },
    ]),
    { code: "zip_refused" },
  ],
  ["an empty input", { mode: "bytes", bytesPerShard: 4 }, "", { code: "input_empty" }],
  ["a placeholder of another slicing", { mode: "repeat", runs: 2 }, null, { code: "arguments_refused", params: { field: "program.args.0" } }],
])("%s is refused, and no row and no byte of it stays", async (_, slicing, input, refusal) => {
  const stored = input === null ? undefined : await upload(owner, "input", input);
  const spec = await makeSubmission(owner, { slicing, ...(stored ? { input: stored } : {}) });
  const before = [await countRows(services.db), (await readdir(services.config.blobFolder, { recursive: true })).sort()];
  await expect(createJob(owner, { ...spec, program: { ...spec.program, args: stored ? [] : ["{from}"] } })).rejects.toMatchObject(refusal);
  expect([await countRows(services.db), (await readdir(services.config.blobFolder, { recursive: true })).sort()]).toEqual(before);
});
