import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JOB_LIMITS, type JobSubmission } from "#lib/domain/job/job.ts";
import { createJob as createJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { assembleModule, exportOf, functionType, importOf } from "#lib/testing/programs/assemble-module.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, makeSubmission, upload } from "#lib/testing/submission.ts";
import type { BlobStore } from "../artifacts/blob-store.ts";
import { readOffsets } from "../artifacts/shard-index.ts";
import type { Context } from "../context.ts";
import { readInput } from "../http/read-input.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { getAccountBalance } from "../ledger/ledger-store.ts";
import { createJob } from "./create-job.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices({ feeBps: 500 });
  owner = (await makeAccount(services)).ctx;
});
afterAll(() => services.close());

async function storedFiles(): Promise<string[]> {
  return (await readdir(services.config.blobFolder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

/** What a submission is refused with; checks that no row and no file of it stays. */
async function refusal(spec: JobSubmission, ctx: Context = owner): Promise<{ code: string; params: Record<string, string | number>; message: string }> {
  const [rows, files] = [await countRows(services.db), await storedFiles()];
  const error = await createJob(ctx, spec).then(
    () => new Error("the job was accepted"),
    (reason) => reason,
  );
  expect(await countRows(services.db)).toEqual(rows);
  expect(await storedFiles()).toEqual(files);
  return error;
}

describe("200", () => {
  test("a job is created running, with its worst cost in escrow and every pass at the first shard", async () => {
    const { accountId, ctx } = await makeAccount(services, 1_000_000n);
    const view = await createJob(ctx, await makeSubmission(ctx, { verification: { quorum: 2, replicasMax: 3 }, price: { replicaMicro: "1000" } }));
    expect(view).toMatchObject({
      state: "running",
      shardCount: 10,
      acceptedCount: 0,
      reason: null,
      money: { reservedMicro: "31500", spentMicro: "0", returnedMicro: "0" },
    });
    expect(await getAccountBalance(services.db, accountId, 0)).toEqual({ availableMicro: 968_500n, escrowMicro: 31_500n });
    const [cursor] =
      await services.db`select state, shard_count, heads, budget_micro, committed_micro, cost_micro from job_cursors where job_id = ${view.id.slice(4)}`;
    expect(cursor).toEqual({ state: "running", shard_count: 10, heads: [0, 0], budget_micro: 31_500n, committed_micro: 0n, cost_micro: 1050n });
    expect(await checkLedger(services.db)).toEqual([]);
  });

  test("a FASTA input becomes byte ranges that are its records", async () => {
    const fasta = ">a\nACGT\n>b x\r\nAC\r\n\r\n>c\nA";
    const spec = await makeSubmission(owner, { inputText: fasta, slicing: { mode: "fasta", recordsPerShard: 2 } });
    const view = await createJob(owner, spec);
    expect(view.shardCount).toBe(2);
    const [job] = await services.db<{ index_sha256: string }[]>`select index_sha256 from jobs where id = ${view.id.slice(4)}`;
    expect(await readOffsets(services.blobs, job?.index_sha256 ?? "", 0, 2)).toEqual([0, fasta.indexOf(">c"), fasta.length]);
    const parts = await services.db<{ part: string }[]>`select part from job_artifacts where job_id = ${view.id.slice(4)} order by part`;
    expect(parts.map((row) => row.part)).toEqual(["index", "input", "program"]);
  });

  test("two jobs of the same input share one index, whichever of them is refused meanwhile", async () => {
    const { ctx: poor } = await makeAccount(services, 0n);
    const inputText = "one\ntwo\nthree\n";
    const specs = [await makeSubmission(owner, { inputText }), await makeSubmission(poor, { inputText })] as const;
    const answers = await Promise.allSettled(Array.from({ length: 8 }, (_, i) => createJob(i % 2 === 0 ? owner : poor, specs[i % 2 === 0 ? 0 : 1])));
    const accepted = answers.filter((answer) => answer.status === "fulfilled");
    for (const answer of answers) if (answer.status === "rejected") expect(answer.reason).toMatchObject({ code: "funds_short" });
    expect(accepted).toHaveLength(4);
    const [row] = await services.db<{ index_sha256: string }[]>`select index_sha256 from jobs where id = ${accepted[0]?.value.id.slice(4) ?? ""}`;
    expect(await readOffsets(services.blobs, row?.index_sha256 ?? "", 0, 3)).toEqual([0, 4, 8, 14]);
    expect(await services.blobs.size(row?.index_sha256 ?? "")).toBe(32);
  });
});

describe("400: the document is not right", () => {
  const sha256 = "ab".repeat(32);
  const valid = {
    version: 1,
    name: "Count",
    program: { runtime: "wasi", artifact: { sha256 }, args: ["{shard}"] },
    files: [{ name: "table.csv", artifact: { sha256 } }],
    slicing: { mode: "range", from: 0, to: 10 },
  };
  const { program, slicing } = valid;
  const file = (name: string) => ({ files: [{ name, artifact: { sha256 } }] });

  test.each<[string, string, Record<string, unknown>]>([
    ["an unknown field", "colour", { colour: "red" }],
    ["an unknown field further in", "program.sha1", { program: { ...program, sha1: "" } }],
    ["a field of another slicing", "slicing.linesPerShard", { slicing: { ...slicing, linesPerShard: 1 } }],
    ["an unknown slicing", "slicing.mode", { slicing: { mode: "pages" } }],
    ["a path where only digests travel", "program.artifact.sha256", { program: { ...program, artifact: { path: "program.wasm" } } }],
    ["a file name that climbs", "files.0.name", file("../../etc/passwd")],
    ["a file name with a folder", "files.0.name", file("a/b")],
    ["a file name with a NUL", "files.0.name", file("a\0b")],
    ["a hidden file name", "files.0.name", file(".profile")],
    ["no records per shard", "slicing.recordsPerShard", { slicing: { mode: "fasta", recordsPerShard: 0 } }],
    ["a step that stands still", "slicing.step", { slicing: { ...slicing, step: 0 } }],
    ["more memory than is allowed", "limits.memoryBytesMax", { limits: { memoryBytesMax: JOB_LIMITS.memoryBytesMax + 1 } }],
    ["more time than is allowed", "limits.timeMsMax", { limits: { timeMsMax: JOB_LIMITS.timeMsMax + 1 } }],
    ["fewer replicas than must agree", "verification.replicasMax", { verification: { quorum: 3, replicasMax: 2 } }],
    ["a quorum of a class that decides it", "verification.quorum", { verification: { assurance: "standard", quorum: 3 } }],
    ["replicas of a class that decides them", "verification.replicasMax", { verification: { assurance: "critical", replicasMax: 3 } }],
    ["an unknown class", "verification.assurance", { verification: { assurance: "absolute" } }],
    ["a negative price", "price.replicaMicro", { price: { replicaMicro: "-1" } }],
    ["a seed of more than 64 bits", "seed", { seed: "18446744073709551616" }],
    ["a name that no database holds", "name", { name: "a\0b" }],
    ["a name with half a character", "name", { name: "a\ud800b" }],
    ["a name of two lines", "name", { name: "a\r\nb" }],
    ["an argument with a NUL", "program.args.0", { program: { ...program, args: ["a\0"] } }],
    ["another version", "version", { version: 2 }],
  ])("%s is refused as %s", async (_, field, change) => {
    const request = (document: unknown) =>
      new Request("http://127.0.0.1:3999/api/v1/jobs", { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(document) });
    await expect(readInput(createJobEndpoint, request({ ...valid, ...change }))).rejects.toMatchObject({ code: "bad_request", params: { field } });
    await expect(readInput(createJobEndpoint, request(valid))).resolves.toMatchObject({ verification: {}, limits: { timeMsMax: 60_000 } });
  });
});

describe("400: the artifacts are not right", () => {
  test.each(["program.artifact", "input", "files.1.artifact"])(
    "%s that was not uploaded by the account is named, also when another account has it",
    async (field) => {
      const { ctx: stranger } = await makeAccount(services);
      const foreign = await upload(stranger, "file", `a secret of ${field}`);
      const own = await upload(owner, "file", "my own");
      const spec = await makeSubmission(owner, {
        inputText: "a\n",
        files: [
          { name: "one", artifact: own },
          { name: "two", artifact: field === "files.1.artifact" ? foreign : own },
        ],
      });
      if (field === "program.artifact") spec.program.artifact = foreign;
      if (field === "input") spec.input = foreign;
      expect(await refusal(spec)).toMatchObject({ code: "artifact_missing", params: { field } });
      if (field === "input")
        expect(await refusal({ ...spec, input: { sha256: "ab".repeat(32) } })).toMatchObject({ code: "artifact_missing", params: { field } });
    },
  );

  test("two files of one name are refused with the second one's field", async () => {
    const artifact = await upload(owner, "file", "table");
    const spec = await makeSubmission(owner, {
      files: [
        { name: "t.csv", artifact },
        { name: "t.csv", artifact },
      ],
    });
    expect(await refusal(spec)).toMatchObject({ code: "bad_request", params: { field: "files.1.name" } });
  });
});

describe("413: something is larger than the instance takes", () => {
  test("an upload made for another part does not slip past a part's limit", async () => {
    const spec = await makeSubmission(owner, { inputText: "a\n" });
    const large = await upload(owner, "file", "large");
    await services.db`update artifacts set bytes = ${JOB_LIMITS.programBytesMax + 1} where sha256 = ${large.sha256}`;
    expect(await refusal({ ...spec, program: { ...spec.program, artifact: large } })).toMatchObject({
      code: "too_large",
      params: { what: "The program", limit: JOB_LIMITS.programBytesMax },
    });
    await services.db`update artifacts set bytes = ${JOB_LIMITS.filesBytesMax} where sha256 = ${large.sha256}`;
    const files = [
      { name: "a", artifact: large },
      { name: "b", artifact: await upload(owner, "file", "one more") },
    ];
    expect(await refusal({ ...spec, files })).toMatchObject({ code: "too_large", params: { what: "All files together" } });
    await services.db`update artifacts set bytes = ${JOB_LIMITS.inputBytesMax + 1} where sha256 = ${large.sha256}`;
    expect(await refusal({ ...spec, input: large })).toMatchObject({ code: "too_large", params: { what: "The input" } });
  });
});

describe("422: the program cannot run here", () => {
  const threads = assembleModule({ memories: [[3, 1, 2]] });
  test.each<[string, Uint8Array, string]>([
    ["not a WASM file", new TextEncoder().encode("#!/bin/sh\n"), "not_wasm"],
    ["a component", Uint8Array.of(0, 0x61, 0x73, 0x6d, 0x0d, 0, 1, 0), "component"],
    ["no _start", assembleModule({ exports: [exportOf("memory", 2, 0)] }), "no_start"],
    ["an unknown import", assembleModule({ types: [functionType([], [])], imports: [importOf("env", "fetch", [0, 0])] }), "unknown_import"],
    ["threads", threads, "shared_memory"],
    ["relaxed SIMD", assembleModule({ bodies: [[0xfd, 0x80, 0x02]] }), "relaxed_simd"],
    ["memory64", assembleModule({ memories: [[4, 1]] }), "memory64"],
    ["a memory minimum above the limit", assembleModule({ memories: [[0, 0x80, 0x20]] }), "memory_minimum"],
  ])("%s", async (_, programBytes, problem) => {
    const spec = await makeSubmission(owner, { programBytes, limits: { memoryBytesMax: 64 * 1024 * 1024 } });
    const error = await refusal(spec);
    expect(error).toMatchObject({ code: "program_refused" });
    expect(String(error.params.problems).split(",")).toContain(problem);
    expect(error.message).toMatch(/^The program cannot run here: The (file|program) .+\. .+\.$/);
  });

  test("every problem of a program is told at once", async () => {
    const programBytes = assembleModule({ types: [functionType([], [])], imports: [importOf("env", "fetch", [0, 0])], exports: [] });
    expect((await refusal(await makeSubmission(owner, { programBytes }))).params.problems).toBe("unknown_import,no_start,no_memory_export");
  });
});

describe("422: the arguments are not right", () => {
  test.each([
    ["an unknown placeholder", ["ok", "{shards}"], "program.args.1"],
    ["a single brace", ["{shard"], "program.args.0"],
  ])("%s", async (_, args, field) => {
    const spec = await makeSubmission(owner);
    expect(await refusal({ ...spec, program: { ...spec.program, args } })).toMatchObject({ code: "arguments_refused", params: { field } });
  });

  test("{from}, {to} and {step} exist for range only", async () => {
    const args = ["{from}", "{to}", "{step}", "{seed}"];
    const range = await makeSubmission(owner);
    await expect(createJob(owner, { ...range, program: { ...range.program, args } })).resolves.toMatchObject({ state: "running" });
    const lines = await makeSubmission(owner, { inputText: "a\n" });
    const error = await refusal({ ...lines, program: { ...lines.program, args } });
    expect(error).toMatchObject({ code: "arguments_refused", params: { field: "program.args.0" } });
    expect(error.message).not.toMatch(/\.\.$/);
  });
});

describe("422: the input cannot be cut", () => {
  test("an empty input", async () => {
    const fasta = await makeSubmission(owner, { inputText: "", slicing: { mode: "fasta" } });
    expect(await refusal(fasta)).toMatchObject({ code: "input_empty", message: "The input holds no FASTA records, so there are no shards." });
    expect(await refusal({ ...fasta, slicing: { mode: "lines", linesPerShard: 1 } })).toMatchObject({ code: "input_empty", params: { records: "lines" } });
  });

  test("malformed FASTA, with the line", async () => {
    const spec = await makeSubmission(owner, { inputText: ">a\nACGT\n>b\n>c\nACGT\n", slicing: { mode: "fasta" } });
    expect(await refusal(spec)).toMatchObject({ code: "input_malformed", params: { format: "FASTA", line: 3, problem: "the record has no sequence" } });
  });

  test("an input where range takes none, and none where one is needed", async () => {
    const spec = await makeSubmission(owner, { inputText: "a\n" });
    const range = { mode: "range" as const, from: 0, to: 1, step: 1, valuesPerShard: 1 };
    expect(await refusal({ ...spec, slicing: range })).toMatchObject({ code: "input_needed", message: "Slicing by range takes no input." });
    expect(await refusal({ ...spec, input: undefined })).toMatchObject({ code: "input_needed", message: "Slicing by lines needs an input." });
  });

  test("no shard, and more shards than are allowed", async () => {
    const spec = await makeSubmission(owner);
    const range = (to: number) => ({ ...spec, slicing: { mode: "range" as const, from: 0, to, step: 1, valuesPerShard: 1 } });
    expect(await refusal(range(0))).toMatchObject({ code: "bad_request", params: { field: "slicing.to" } });
    expect(await refusal(range(JOB_LIMITS.shardsMax + 1))).toMatchObject({
      code: "shards_too_many",
      params: { count: JOB_LIMITS.shardsMax + 1, limit: JOB_LIMITS.shardsMax },
    });
  });

  test("an input of more lines than shards are allowed is not read to its end", async () => {
    const spec = await makeSubmission(owner, { inputText: "a\n" });
    const many = await services.blobs.put(newlines(JOB_LIMITS.shardsMax + 10_000_000), { bytesMax: JOB_LIMITS.inputBytesMax });
    if (!many.ok) throw new Error(many.reason);
    await services.db`insert into artifacts (sha256, bytes) values (${many.sha256}, ${many.bytes})`;
    await services.db`insert into artifact_owners (sha256, account_id) values (${many.sha256}, ${owner.principal.accountId.slice(4)})`;
    const read = { bytes: 0 };
    const blobs = { ...services.blobs, read: (...of: Parameters<BlobStore["read"]>) => counted(services.blobs.read(...of), read) };
    expect(await refusal({ ...spec, input: { sha256: many.sha256 } }, { ...owner, blobs })).toMatchObject({
      code: "shards_too_many",
      params: { limit: JOB_LIMITS.shardsMax },
    });
    expect(read.bytes).toBeLessThan(JOB_LIMITS.shardsMax + 1_000_000);
  });

  async function* counted(chunks: AsyncIterable<Uint8Array>, read: { bytes: number }): AsyncGenerator<Uint8Array> {
    for await (const chunk of chunks) {
      read.bytes += chunk.length;
      yield chunk;
    }
  }

  async function* newlines(count: number): AsyncGenerator<Uint8Array> {
    const chunk = new Uint8Array(1_000_000).fill(0x0a);
    for (let left = count; left > 0; left -= chunk.length) yield chunk.subarray(0, Math.min(left, chunk.length));
  }
});

describe("402: the account cannot pay the worst case", () => {
  test("nothing stays of the job, its money or its index", async () => {
    const { ctx } = await makeAccount(services, 10_499n);
    const spec = await makeSubmission(ctx, { inputText: "a\nb\nonly here\n", verification: { quorum: 1, replicasMax: 5 }, price: { replicaMicro: "1000" } });
    expect(await refusal(spec, ctx)).toMatchObject({ code: "funds_short", params: { need: "15750", have: "10499" } });
  });

  test("a price beyond all money is an honest refusal, not an overflow", async () => {
    const spec = await makeSubmission(owner, { slicing: { mode: "range", from: 0, to: JOB_LIMITS.shardsMax }, price: { replicaMicro: "9".repeat(18) } });
    expect(await refusal(spec)).toMatchObject({ code: "funds_short" });
  });
});

describe("401, 403: who may submit", () => {
  test("nobody without an account, and no key without the scope", async () => {
    const spec = await makeSubmission(owner);
    expect(await refusal(spec, { ...services, principal: { kind: "anonymous" } })).toMatchObject({ code: "unauthenticated" });
    expect(await refusal(spec, { ...owner, principal: { ...owner.principal, scopes: ["jobs:read", "artifacts:write"] } })).toMatchObject({
      code: "key_scope",
      params: { scope: "jobs:write" },
    });
  });
});
