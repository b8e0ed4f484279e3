import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { promisify } from "node:util";
import { paceOf, progressLine } from "#cli/job/progress.ts";
import { createApi } from "#lib/client/api/api.ts";
import { isId, type JobId } from "#lib/domain/ids.ts";
import { createEnrolment } from "#lib/protocol/devices/devices.ts";
import { type Instance, ROOT, type Say } from "../instance/start-instance.ts";
import { followJob, saveResult, topOf } from "./follow-job.ts";
import { makeKey } from "./make-key.ts";

const EXAMPLE = join(ROOT, "examples/protein-search");
const PREVIEW_LINES = 11;
const PREVIEW_WIDTH = 118;

/**
 * Starts the demo's devices, submits the example as its owner, shows its progress and the top of its result. Returns whether the result is the expected
 * one, byte for byte.
 */
export async function runExample(instance: Instance, say: Say): Promise<boolean> {
  const { url, settings } = instance;
  const operatorKey = await makeKey(url, settings.operator, ["devices:manage"]);
  const { code } = await createApi({ baseUrl: url, token: async () => operatorKey }).call(createEnrolment, {});
  await instance.startDevice("device-1", []);
  await instance.startDevice("device-2", []);
  await instance.startDevice("trusted-device", ["--trusted", code]);
  say("Two headless devices and a trusted one have started.");
  const key = await makeKey(url, settings.owner, ["jobs:read", "jobs:write", "artifacts:write"]);
  const jobId = await submit(url, key);
  say(`The example is submitted; two devices must agree on each shard. Your own tab can help: ${url}/volunteer`);
  const api = createApi({ baseUrl: url, token: async () => key });
  const job = await followJob(api, jobId, showProgress(say));
  if (job.state !== "final") {
    say(`The job ended as ${job.state}: ${job.reason?.message ?? "no reason was given"}`);
    return false;
  }
  const path = await saveResult(api, job, join(ROOT, ".local/results"));
  const isExpected = readFileSync(path).equals(readFileSync(join(EXAMPLE, "expected/hits.csv")));
  say(`Verified by redundancy and ${isExpected ? "equal to" : "NOT equal to"} the expected result: ${relative(process.cwd(), path)}`);
  console.log(`\n${topOf(path, PREVIEW_LINES, PREVIEW_WIDTH)}\n`);
  return isExpected;
}

async function submit(url: string, key: string): Promise<JobId> {
  const args = [join(ROOT, "cli/shoal.ts"), "submit", join(EXAMPLE, "job.json"), "--server", url];
  const { stdout } = await promisify(execFile)(process.execPath, args, { env: { ...process.env, SHOAL_API_KEY: key } });
  const jobId = stdout.match(/job_[0-9a-f]{32}/)?.[0] ?? "";
  if (!isId("job", jobId)) throw new Error(`The example was not submitted: ${stdout}`);
  return jobId;
}

/** On a terminal one line that rewrites itself; elsewhere a line whenever something moved. */
function showProgress(say: Say): Parameters<typeof followJob>[2] {
  let last = -1;
  return (job) => {
    const done = job.acceptedCount + job.failedCount;
    if (process.stdout.isTTY) process.stdout.write(`\r\x1b[2K        ${progressLine(paceOf(job))}${job.state === "running" ? "" : "\n"}`);
    else if (done !== last) say(progressLine(paceOf(job)));
    last = done;
  };
}
