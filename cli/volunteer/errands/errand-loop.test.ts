import { readdir, readFile } from "node:fs/promises";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import { createCheckingCode } from "#lib/server/devices/checking/create-checking-code.ts";
import { createEnrolment } from "#lib/server/devices/create-enrolment.ts";
import { createJob } from "#lib/server/jobs/create-job.ts";
import { getJob } from "#lib/server/jobs/get-job.ts";
import { getResults } from "#lib/server/jobs/get-results.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { createTrial } from "#lib/server/trials/create-trial.ts";
import { getTrial } from "#lib/server/trials/get-trial.ts";
import { getInstanceTrust } from "#lib/server/trust/get-instance-trust.ts";
import { getJobTrust } from "#lib/server/trust/get-job-trust.ts";
import { makeAccount, type WalletOwner } from "#lib/testing/builders.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { makeSubmission, upload } from "#lib/testing/submission.ts";

/*
 * A trusted device as people run it: the command line as a process, against the endpoints and duties of an instance as processes, with programs in the disposable child
 * processes that it makes itself. Nothing is driven by hand.
 */
const WAIT = { timeout: 300_000, interval: 200 };
const TEST_MS_MAX = 400_000;

let instance: TestInstance;
let owner: WalletOwner;
let trustedPid: number;
beforeAll(async () => {
  instance = await openTestInstance({
    env: { RATE_LIMIT_FACTOR: "10000", INDEPENDENT_WAIT_MS: "1000", TRUST_WINDOW_MS_MIN: "1000", TRUST_WINDOW_MS_MAX: "5000" },
    hasBackground: true,
  });
  const { services } = instance;
  const operator = await makeAccount(services);
  await services.db`update accounts set roles = '{operator}' where id = ${uuidOf(operator.accountId)}`;
  const principal: AccountPrincipal = { ...operator.ctx.principal, roles: ["operator"] };
  const { code } = await createEnrolment({ ...services, principal }, {});
  trustedPid = await instance.startDevice(["--trusted", code]);
  await vi.waitFor(async () => expect((await getInstanceTrust(services)).trustedDevices).toBe(1), WAIT);
  await instance.startDevice();
  owner = (await makeAccount(services)).ctx;
}, 200_000);
afterAll(async () => {
  if (instance) expect(await checkLedger(instance.services.db)).toEqual([]);
  await instance?.close();
});

const NUMBERS = [15, 77, 8051, 10403, 999_983];
const FACTORS = ["3 5\n", "7 11\n", "83 97\n", "101 103\n", "999983 1\n"];

async function submit(fields: Record<string, unknown>): Promise<JobId> {
  const submission = await makeSubmission(owner, {
    programBytes: await readTestProgram("factor"),
    inputText: NUMBERS.map((number) => `${number}\n`).join(""),
    limits: { timeMsMax: 10_000 },
    ...fields,
  });
  return (await createJob(owner, submission)).id;
}

async function resultOf(jobId: JobId): Promise<string> {
  const { body } = await getResults(owner, { jobId });
  const parts: Uint8Array[] = [];
  for await (const part of body) parts.push(part);
  return Buffer.concat(parts).toString();
}

const isFinal = async (jobId: JobId) =>
  await vi.waitFor(async () => expect(await getJob(owner, { jobId })).toMatchObject({ state: "final", acceptedCount: 5 }), WAIT);

test("a verifier and a reducer of an owner are run, and the job ends with what they made of it", { timeout: TEST_MS_MAX }, async () => {
  const [verifier, reducer] = await Promise.all(
    (["check-factors", "chain"] as const).map(async (name) => await upload(owner, "program", await readTestProgram(name))),
  );
  const jobId = await submit({
    output: { format: "text" },
    verification: { verifier: { artifact: verifier, args: [] } },
    reducer: { kind: "wasi", artifact: reducer, args: [], format: "text" },
  });
  await isFinal(jobId);
  await vi.waitFor(async () => expect(await resultOf(jobId)).toBe(chainOf(FACTORS.join(""))), WAIT);
});

test("a dry run is run, also after its process was killed in the middle: that costs an attempt, and its owner nothing", { timeout: TEST_MS_MAX }, async () => {
  const program = await upload(owner, "program", await readTestProgram("spin"));
  const run = { no: 0, args: ["2500000000"], seed: "7", stdin: "" };
  const { trialId } = await createTrial(owner, {
    program,
    files: [],
    limits: { timeMsMax: 60_000, memoryBytesMax: 1 << 24, outputBytesMax: 1000 },
    shards: [run],
  });
  await vi.waitFor(async () => {
    const attempts = await attemptsOf(trialId);
    if (attempts === 1) for (const pid of await containedOf(trustedPid)) kill(pid);
    expect(attempts).toBeGreaterThan(1);
  }, WAIT);
  await vi.waitFor(async () => expect((await getTrial(owner, { trialId })).shards[0]?.ended).toMatchObject({ outcome: "ok" }), WAIT);
  const { shards } = await getTrial(owner, { trialId });
  expect(Buffer.from(shards[0]?.output ?? "", "base64").toString()).toMatch(/^\d+\n$/);
});

test("checks of held results are run until they are final, and a device of the owner's runs the same shards beside", { timeout: TEST_MS_MAX }, async () => {
  await instance.startDevice(["--trusted", (await createCheckingCode(owner, {})).code]);
  const jobId = await submit({ verification: { assurance: "high" } });
  await vi.waitFor(async () => expect((await getJobTrust(owner, { jobId })).ownChecks).toMatchObject({ same: 5, other: 0, asked: 0 }), WAIT);
  await isFinal(jobId);
  expect(await resultOf(jobId)).toBe(FACTORS.join(""));
  expect(await getJobTrust(owner, { jobId })).toMatchObject({ refuted: 0, disagreements: 0, ownChecks: { same: 5, takenBack: 0 } });
});

async function attemptsOf(trialId: `tri_${string}`): Promise<number> {
  const [row] = await instance.services.db<{ attempts: number }[]>`select attempts from errands where group_id = ${uuidOf(trialId)}`;
  return row?.attempts ?? 0;
}

/** What the reducer of `chain.c` writes over these bytes. */
function chainOf(text: string): string {
  let hash = 14695981039346656037n;
  for (const byte of Buffer.from(text)) hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 1099511628211n);
  return `${hash.toString(16).padStart(16, "0")} ${text.length}\n`;
}

/** The contained processes that a process has running, by what Node was told to permit them. */
async function containedOf(pid: number): Promise<number[]> {
  const numbers = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(
    numbers.map(async (number) => {
      const [stat, command] = await Promise.all(["stat", "cmdline"].map(async (file) => await readFile(`/proc/${number}/${file}`, "utf8").catch(() => "")));
      const parent = Number(stat?.slice(stat.lastIndexOf(")") + 2).split(" ")[1]);
      return parent === pid && command?.includes("--permission") ? [number] : [];
    }),
  );
  return found.flat();
}

/** One that has ended meanwhile is as good as killed. */
function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ESRCH")) throw error;
  }
}
