import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkForm } from "#lib/client/queries/submission/check-form.ts";
import { countShards } from "#lib/client/queries/submission/count-shards.ts";
import { EMPTY_FORM, type JobField, type JobForm } from "#lib/client/queries/submission/job-form.ts";
import { placeError } from "#lib/client/queries/submission/place-error.ts";
import { ApiError, type ErrorCode, type ErrorParams } from "#lib/protocol/errors.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { makeZip } from "#lib/testing/make-zip.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { CATALOGUES } from "#lib/text/catalogue.ts";
import { createWords } from "#lib/text/words.ts";
import type { JobRequest } from "#sdk/job-request.ts";
import { createShoal, type Shoal } from "#sdk/shoal.ts";

/*
 * The same bad inputs through the three doors of an owner: the form of the dashboard, the command line as a process, and the SDK. Each names the same code and the same
 * place, and none leaves a job behind.
 */
const SHOAL = join(import.meta.dirname, "../../cli/shoal.ts");
const DOORS_MS_MAX = 60_000;
const words = createWords("en", CATALOGUES.en);

let instance: TestInstance;
let folder: string;
let key: string;
let shoal: Shoal;
let program: Uint8Array<ArrayBuffer>;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-doors-"));
  instance = await openTestInstance();
  ({ key } = await instance.makeOwner());
  shoal = createShoal({ url: instance.url, key });
  program = await readTestProgram("shout");
  await writeFile(join(folder, "program.wasm"), program);
});
afterAll(async () => {
  await instance.close();
  await rm(folder, { recursive: true, force: true });
});

type Bad = {
  args?: string[];
  programBytes?: Uint8Array<ArrayBuffer>;
  input?: string | Uint8Array<ArrayBuffer>;
  slicing: JobRequest["slicing"];
  /** What the form holds beside program, input and arguments. */
  form: Partial<JobForm>;
  code: ErrorCode;
  /** What the refusal has to say beside its code. */
  params: ErrorParams;
  /** How the command line ends: with 2 where it sees by itself that the job is none, without asking the instance. */
  exit?: 2;
  field: JobField;
};

const bomb = makeZip([{ name: "a.txt", content: new Uint8Array(8_000_000), claims: { bytes: 10 } }]);
const twice = makeZip([
  { name: "a.txt", content: "1" },
  { name: "a.txt", content: "2" },
]);
const climbing = (name: string) => makeZip([{ name, content: "x" }]);
const zipped = { slicing: { mode: "files" }, form: { mode: "files" }, code: "zip_refused", params: {}, field: "input" } as const;
const csv = { slicing: { mode: "csv", recordsPerShard: 1 }, form: { mode: "csv", recordsPerShard: "1" }, field: "input" } as const;
const lines = { slicing: { mode: "lines", linesPerShard: 1 }, form: { mode: "lines", linesPerShard: "1" } } as const;

const CASES: Record<string, Bad> = {
  "a placeholder that the slicing does not offer": { ...lines, args: ["{nope}"], input: "a\n", code: "arguments_refused", params: {}, field: "args" },
  "a brace that opens nothing": { ...lines, args: ["a{b"], input: "a\n", code: "arguments_refused", params: {}, field: "args" },
  "a placeholder of another slicing": { ...lines, args: ["{from}"], input: "a\n", code: "arguments_refused", params: {}, field: "args" },
  "a CSV row that never ends": { ...csv, input: 'a,b\n1,2\n"3,4\n5,6\n', code: "input_malformed", params: { format: "CSV", line: 3 } },
  "a CSV of a header alone": { ...csv, input: "a,b\n", code: "input_empty", params: { records: "rows below its header" } },
  "an NDJSON line that is none": {
    slicing: { mode: "ndjson", recordsPerShard: 1 },
    form: { mode: "ndjson", recordsPerShard: "1" },
    input: '{"a":1}\n{"a":\n',
    code: "input_malformed",
    params: { format: "NDJSON", line: 2 },
    field: "input",
  },
  "an empty input": { ...lines, input: "", code: "input_empty", params: { records: "lines" }, field: "input" },
  "a zip that is none": { ...zipped, input: "not a zip" },
  "a zip that climbs out": { ...zipped, input: climbing("../escape") },
  "a zip with an absolute path": { ...zipped, input: climbing("/etc/passwd") },
  "a zip with a path of another system": { ...zipped, input: climbing("..\\escape") },
  "a zip with one name twice": { ...zipped, input: twice },
  "a zip that unpacks to more than it says": { ...zipped, input: bomb },
  "a step that leads nowhere": {
    slicing: { mode: "range", from: 0, to: 10, step: 0 },
    form: { mode: "range", from: "0", to: "10", step: "0" },
    code: "bad_request",
    params: { field: "slicing.step" },
    exit: 2,
    field: "step",
  },
  "a range without a number": {
    slicing: { mode: "range", from: 5, to: 5 },
    form: { mode: "range", from: "5", to: "5" },
    code: "bad_request",
    params: { field: "slicing.to" },
    field: "to",
  },
  "a program that is none": {
    ...lines,
    programBytes: new Uint8Array([0, 97, 115, 109, 9, 9, 9, 9]),
    input: "a\n",
    code: "program_refused",
    params: {},
    field: "program",
  },
};

describe.each(Object.entries(CASES))("%s", (_name, bad) => {
  const expected = { code: bad.code, params: expect.objectContaining(bad.params) };
  const request = (): JobRequest => ({
    program: bad.programBytes ?? program,
    args: bad.args ?? [],
    slicing: bad.slicing,
    ...(bad.input === undefined ? {} : { input: bad.input }),
  });

  test("is refused to the SDK", async () => {
    const before = await countJobs();
    expect(await refusalOf(shoal.run(request()))).toMatchObject(expected);
    expect(await countJobs()).toBe(before);
  });

  test(
    "is refused to the command line",
    async () => {
      const before = await countJobs();
      await writeFile(join(folder, "bad.wasm"), bad.programBytes ?? program);
      if (bad.input !== undefined) await writeFile(join(folder, "bad.input"), bad.input);
      const input = bad.input === undefined ? [] : ["--input", "bad.input"];
      const { code, error } = await shoalProcess("submit", "bad.wasm", "--split", JSON.stringify(bad.slicing), ...input, "--json", "--", ...(bad.args ?? []));
      expect([code, error]).toEqual([bad.exit ?? 1, expect.objectContaining(expected)]);
      expect(await countJobs()).toBe(before);
    },
    DOORS_MS_MAX,
  );

  test("stands in the form at its field, in words, before it is sent or after the instance has refused it", async () => {
    const file = (name: string, content: string | Uint8Array<ArrayBuffer>) => new File([content], name);
    const input = bad.input === undefined ? null : file("input", bad.input);
    const chosen = { program: file("p.wasm", bad.programBytes ?? program), input, args: (bad.args ?? []).map((arg) => `'${arg}'`).join(" ") };
    const form: JobForm = { ...EMPTY_FORM, name: "Bad", isConfirmed: true, ...bad.form, ...chosen };
    const checked = checkForm(form, words);
    if (!checked.ok) {
      expect(Object.keys(checked.problems)).toEqual([bad.field]);
      expect(checked.problems[bad.field]).toMatch(/^[A-Z].*\.$/);
      return;
    }
    const cut = await countShards(checked.spec.slicing, input, AbortSignal.timeout(DOORS_MS_MAX));
    const refusal = cut.ok ? await refusalOf(shoal.run(request())) : new ApiError(cut.code, cut.params);
    expect(refusal).toMatchObject(expected);
    const { field, problem } = placeError(refusal, form.mode, words);
    expect([field, problem]).toEqual([bad.field, expect.stringMatching(/^[A-Z].*[.]$/)]);
    if (bad.params.line !== undefined) expect(problem).toContain(String(bad.params.line));
  });
});

describe("results of a cancelled job", () => {
  test(
    "are refused alike to the SDK, the command line and the page, and say that there are none",
    async () => {
      const job = await shoal.run({ program, slicing: { mode: "range", from: 0, to: 3 } });
      await job.cancel();
      const refusal = await refusalOf(job.download());
      expect(refusal).toMatchObject({ code: "conflict", params: { problem: expect.stringContaining("without an accepted shard") } });
      const { code, stderr } = await shoalProcess("results", job.id);
      expect([code, stderr]).toEqual([1, expect.stringContaining(refusal.message)]);
      expect(words.sayError(refusal)).toMatch(/^This cannot be done: .*\.$/);
    },
    DOORS_MS_MAX,
  );
});

describe("a key without the scope", () => {
  test(
    "is told which, by the SDK and the command line, and nothing of it is stored",
    async () => {
      const weak = await instance.makeOwner(["jobs:read"]);
      const own = createShoal({ url: instance.url, key: weak.key });
      const stored = async () => (await instance.services.db`select 1 from artifact_owners`).length;
      const before = await stored();
      const request: JobRequest = { program, slicing: { mode: "range", from: 0, to: 3 } };
      const refusal = await refusalOf(own.run(request));
      expect(refusal).toMatchObject({ code: "key_scope", params: { scope: "artifacts:write" } });
      const { code, error } = await shoalProcess("submit", "program.wasm", "--split", "range:0..3", "--key", weak.key, "--json");
      expect([code, error]).toEqual([1, expect.objectContaining({ code: "key_scope", params: { scope: "artifacts:write" } })]);
      expect(await stored()).toBe(before);
    },
    DOORS_MS_MAX,
  );
});

async function refusalOf(call: Promise<unknown>): Promise<ApiError> {
  const error = await call.then(
    () => expect.unreachable("it should have been refused"),
    (caught: unknown) => caught,
  );
  if (!(error instanceof ApiError)) throw error;
  return error;
}

async function countJobs(): Promise<number> {
  const [row] = await instance.services.db<{ count: number }[]>`select count(*)::int as count from jobs`;
  return row?.count ?? 0;
}

/** The command line as a process of its own: its exit code, and the refusal that it wrote. */
async function shoalProcess(...args: string[]): Promise<{ code: number; stderr: string; error: unknown }> {
  const env = { PATH: process.env.PATH, NODE_ENV: "test" as const, HOME: folder, SHOAL_SERVER: instance.url, SHOAL_API_KEY: key };
  const ended = await promisify(execFile)(process.execPath, [SHOAL, ...args], { cwd: folder, env }).then(
    ({ stderr }) => ({ code: 0, stderr }),
    (error: { code: number; stderr: string }) => error,
  );
  const line = ended.stderr.split("\n").find((text) => text.startsWith('{"error"')) ?? "{}";
  return { ...ended, error: (JSON.parse(line) as { error?: unknown }).error };
}
