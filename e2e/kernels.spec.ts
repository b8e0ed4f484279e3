import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { outputDistance } from "#lib/domain/compare/output-distance.ts";
import { jobFile } from "#lib/protocol/jobs/job-json.ts";
import { expect, startComputing, stateOf, test } from "./people.ts";

type JobFile = ReturnType<typeof jobFile.parse>;

const EXAMPLES = join(import.meta.dirname, "..", "examples");
const COMPUTED_MS_MAX = 100_000;

// Chromium's software renderer stands in for a GPU; it offers WebGPU only when asked to.
test.use({
  launchOptions: {
    executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--enable-unsafe-webgpu"],
  },
});

test("two tabs with WebGPU draw the Mandelbrot set, and the result is right to the byte", async ({ owner, openVolunteer, baseURL }) => {
  const jobId = await submit(owner, "mandelbrot-gpu", String(baseURL));
  for (const volunteer of [await openVolunteer(), await openVolunteer()]) await startComputing(volunteer);
  const result = await resultOf(owner, jobId);
  expect(Buffer.compare(result, readFileSync(join(EXAMPLES, "mandelbrot-gpu", "expected", "counts.bin")))).toBe(0);
});

test("two tabs with WebGPU follow star clusters, and the result is near a reference in double precision", async ({ owner, openVolunteer, baseURL }) => {
  const jobId = await submit(owner, "nbody-gpu", String(baseURL));
  for (const volunteer of [await openVolunteer(), await openVolunteer()]) await startComputing(volunteer);
  const result = await resultOf(owner, jobId);
  const rule = { kind: "numeric", elements: "f32", absolute: 0.001, relative: 0, ulp: 0 } as const;
  expect(outputDistance(result, readFileSync(join(EXAMPLES, "nbody-gpu", "expected", "clusters.bin")), rule)).toBeLessThan(1);
});

test("a GPU that is lost in the middle of a shard is named with its next try, the shard goes back, and the tab computes on it again", async ({
  owner,
  openVolunteer,
  browser,
  baseURL,
}) => {
  // So high a picture that one tab has enough to do until it is asked to stop.
  const [rows, rowsPerShard] = [8000, 8];
  const jobId = await submit(owner, "mandelbrot-gpu", String(baseURL), (job) => ({
    ...job,
    program: { ...job.program, args: job.program.args.with(3, String(rows)) },
    slicing: { mode: "range", from: 0, to: rows, step: 1, valuesPerShard: rowsPerShard },
  }));
  const page = await openVolunteer();
  await startComputing(page);
  const shard = page.getByText(/Deep Mandelbrot shard \d/).first();
  await expect(shard).toBeVisible({ timeout: 30_000 });
  // As a driver's crash does. The process does not live to answer.
  const session = await browser.newBrowserCDPSession();
  void session.send("Browser.crashGpuProcess").catch(() => null);
  const lost = page.getByText(/Your GPU was lost \d+ s ago.* Next try in \d+ s\./i);
  await expect(lost).toBeVisible();
  await expect.poll(async () => await countGranted(owner, jobId)).toBe(0);
  const finished = await countReported(owner, jobId);
  await expect(lost).toBeHidden({ timeout: 30_000 });
  await expect.poll(async () => await countReported(owner, jobId), { timeout: 30_000 }).toBeGreaterThan(finished);
});

/** Everybody writes numbers near 1 into the same places, and whoever comes last stays. */
const RACE = `
@group(0) @binding(0) var<storage, read_write> heights: array<f32>;
@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3<u32>) {
  for (var i = 0u; i < 64u; i++) { heights[(id.x * 7u + i) % 1024u] = 1.0 + f32(id.x % 1000u) * 0.0000003; }
}`;

test("a kernel in which invocations race differs between two runs in one tab, and a press takes the tolerance under which they agree", async ({ owner }) => {
  const kernel = {
    bindings: [{ kind: "output", binding: 0, bytes: 4096, elements: "f32" }],
    passes: [{ entryPoint: "main", workgroups: 1024 }],
    loopIterationsMax: 64,
  };
  const job = {
    version: 1,
    name: "Heights in a race",
    program: { runtime: "wgsl", artifact: { path: "race.wgsl" }, kernel },
    slicing: { mode: "range", from: 0, to: 1 },
    output: { format: "bytes" },
  };
  await owner.goto("/jobs/new");
  await owner.getByTestId("files").setInputFiles([
    { name: "job.json", mimeType: "", buffer: Buffer.from(JSON.stringify(job)) },
    { name: "race.wgsl", mimeType: "", buffer: Buffer.from(RACE) },
  ]);
  const trial = owner.locator("section", { has: owner.getByRole("heading", { name: "Dry run" }) });
  await trial.getByRole("button", { name: "Run here" }).click();
  await expect(trial.getByText("Not every shard gave the same bytes twice, so devices would not agree.")).toBeVisible({ timeout: 30_000 });
  const shard = trial.getByRole("region", { name: "Shard 0" });
  await expect(shard.getByText(/^The outputs differ from byte \d+ on\./)).toBeVisible();
  await expect(shard.getByText("differs", { exact: true })).toBeVisible();
  await shard.getByRole("button", { name: "Compare as f32 within" }).click();
  await expect(trial.getByText("Where bytes differ, both outputs agree by the comparison in use.")).toBeVisible();
  await expect(shard.getByText("agrees as compared")).toBeVisible();
  await expect(trial.getByText("kernels are compared in this tab only")).toBeVisible();
});

type Runs = { runs: { state: string; fromNo: number; toNo: number }[] };

async function countIn(owner: Page, jobId: string, state: string): Promise<number> {
  const { runs } = (await (await owner.request.get(`/api/v1/jobs/${jobId}/map`)).json()) as Runs;
  return runs.filter((run) => run.state === state).reduce((sum, { fromNo, toNo }) => sum + toNo - fromNo, 0);
}

const countGranted = async (owner: Page, jobId: string) => await countIn(owner, jobId, "granted");
/** Results that wait for a second device. */
const countReported = async (owner: Page, jobId: string) => await countIn(owner, jobId, "reported");

/** Submits an example as the command line does: its kernel first, then the job that names it. */
async function submit(owner: Page, name: string, origin: string, change = (job: JobFile) => job): Promise<string> {
  const job = change(jobFile.parse(JSON.parse(readFileSync(join(EXAMPLES, name, "job.json"), "utf8"))));
  const program = readFileSync(join(EXAMPLES, name, `${name}.wgsl`));
  const sha256 = createHash("sha256").update(program).digest("hex");
  const uploaded = await owner.request.post(`/api/v1/artifacts?part=program&sha256=${sha256}`, {
    data: program,
    headers: { origin, "content-type": "application/octet-stream" },
  });
  expect(uploaded.status(), await uploaded.text()).toBeLessThan(300);
  const created = await owner.request.post("/api/v1/jobs", {
    data: { ...job, program: { ...job.program, artifact: { sha256 } } },
    headers: { origin },
  });
  expect(created.status(), await created.text()).toBeLessThan(300);
  return ((await created.json()) as { id: string }).id;
}

async function resultOf(owner: Page, jobId: string): Promise<Buffer> {
  await expect.poll(() => stateOf(owner, jobId), { timeout: COMPUTED_MS_MAX }).toBe("final");
  return await (await owner.request.get(`/api/v1/jobs/${jobId}/results`)).body();
}
