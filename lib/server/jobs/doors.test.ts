import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import * as artifactEndpoints from "#lib/protocol/artifacts/artifacts.ts";
import type { Endpoint, KeyScope } from "#lib/protocol/endpoint.ts";
import * as jobEndpoints from "#lib/protocol/jobs/jobs.ts";
import { makeAccount, makeKey } from "#lib/testing/builders.ts";
import { assembleModule } from "#lib/testing/programs/assemble-module.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createArtifact } from "../artifacts/create-artifact.ts";
import { getArtifact } from "../artifacts/get-artifact.ts";
import { putOutput } from "../artifacts/put-output.ts";
import { type Door, handle, handleDownload, handleUpload } from "../http/handle.ts";
import { newId } from "../ids.ts";
import { listShards } from "../shards/list-shards.ts";
import { cancelJob } from "./cancel-job.ts";
import { createJob } from "./create-job.ts";
import { getJob } from "./get-job.ts";
import { getResults } from "./get-results.ts";
import { listJobs } from "./list-jobs.ts";
import { pauseJob } from "./pause-job.ts";
import { resumeJob } from "./resume-job.ts";
import { discardResults } from "./retention/discard-results.ts";

let services: TestServices;
const source = async () => services;

/** The doors as the routes of the app make them, on the services of this test. */
const DOORS: [Endpoint, Door][] = [
  [artifactEndpoints.createArtifact, handleUpload(artifactEndpoints.createArtifact, createArtifact, source)],
  [artifactEndpoints.getArtifact, handleDownload(artifactEndpoints.getArtifact, getArtifact, source)],
  [artifactEndpoints.putOutput, handleUpload(artifactEndpoints.putOutput, putOutput, source)],
  [jobEndpoints.createJob, handle(jobEndpoints.createJob, createJob, source)],
  [jobEndpoints.listJobs, handle(jobEndpoints.listJobs, listJobs, source)],
  [jobEndpoints.getJob, handle(jobEndpoints.getJob, getJob, source)],
  [jobEndpoints.pauseJob, handle(jobEndpoints.pauseJob, pauseJob, source)],
  [jobEndpoints.resumeJob, handle(jobEndpoints.resumeJob, resumeJob, source)],
  [jobEndpoints.discardResults, handle(jobEndpoints.discardResults, discardResults, source)],
  [jobEndpoints.cancelJob, handle(jobEndpoints.cancelJob, cancelJob, source)],
  [jobEndpoints.listShards, handle(jobEndpoints.listShards, listShards, source)],
  [jobEndpoints.getResults, handleDownload(jobEndpoints.getResults, getResults, source)],
];

beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

type Call = { key?: string; json?: unknown; body?: BodyInit; headers?: Record<string, string> };

/** One request through the door whose method and path fit. */
async function call(method: string, path: string, { key, json, body, headers }: Call = {}): Promise<Response> {
  const url = new URL(path, "http://127.0.0.1:3999");
  const door = DOORS.find(
    ([endpoint]) => endpoint.method === method && new RegExp(`^${endpoint.path.replaceAll(/\{\w+\}/g, "[^/]+")}$`).test(url.pathname),
  )?.[1];
  if (!door) throw new Error(`no door for ${method} ${path}`);
  const init = {
    method,
    headers: { ...(key ? { authorization: `Bearer ${key}` } : {}), ...(json === undefined ? {} : { "content-type": "application/json" }), ...headers },
    body: json === undefined ? body : JSON.stringify(json),
    duplex: "half",
  };
  return await door(new Request(url, init as RequestInit));
}

async function openKey(scopes?: readonly KeyScope[]): Promise<string> {
  const { accountId } = await makeAccount(services);
  return (await makeKey(services, accountId, scopes)).secret;
}

const sha256Of = (bytes: string | Uint8Array) => createHash("sha256").update(bytes).digest("hex");
const errorOf = async (response: Response) => ({ status: response.status, code: (await response.json()).error.code });

async function submit(key: string) {
  const program = assembleModule();
  const fasta = ">a\nACGT\n>b\nAC\n>c\nGG\n";
  for (const [part, content] of [
    ["program", program],
    ["input", fasta],
  ] as const) {
    const answer = await call("POST", `/api/v1/artifacts?part=${part}&sha256=${sha256Of(content)}`, { key, body: new Blob([content]).stream() });
    expect([answer.status, await answer.json()]).toEqual([200, { sha256: sha256Of(content), bytes: content.length }]);
  }
  const json = {
    version: 1,
    name: "Three records",
    program: { runtime: "wasi", artifact: { sha256: sha256Of(program) } },
    input: { sha256: sha256Of(fasta) },
    slicing: { mode: "fasta" },
    output: { format: "csv" },
  };
  return { answer: await call("POST", "/api/v1/jobs", { key, json }), json };
}

describe("an owner with a key", () => {
  test("uploads, submits, looks, pauses, resumes and cancels", async () => {
    const key = await openKey();
    const { answer } = await submit(key);
    const job = await answer.json();
    expect([answer.status, job.state, job.shardCount]).toEqual([200, "running", 3]);
    const path = `/api/v1/jobs/${job.id}`;
    expect((await (await call("GET", "/api/v1/jobs?limit=1&state=running", { key })).json()).jobs).toMatchObject([{ id: job.id, name: "Three records" }]);
    expect((await (await call("POST", `${path}/pause`, { key })).json()).state).toBe("paused");
    expect((await (await call("POST", `${path}/resume`, { key })).json()).state).toBe("running");
    expect(await errorOf(await call("GET", `${path}/results`, { key }))).toEqual({ status: 409, code: "result_not_ready" });
    expect(await (await call("GET", `${path}/shards?verdict=failed`, { key })).json()).toEqual({ shards: [], next: null });
    expect((await (await call("POST", `${path}/cancel`, { key })).json()).state).toBe("cancelled");
    expect(await (await call("GET", path, { key })).json()).toMatchObject({
      state: "cancelled",
      reason: { code: "job_cancelled" },
      money: { spentMicro: "0" },
    });
  });

  test("downloads the result and parts of artifacts as attachments", async () => {
    const key = await openKey();
    const { answer, json } = await submit(key);
    const { id } = await answer.json();
    await services.db`insert into shards (job_id, no, verdict, outcome, output, output_bytes, decided_at) values (${id.slice(4)}, 0, 'accepted', 'ok', ${Buffer.from("h\n1\n")}, 4, now())`;
    await services.db`insert into job_counters (job_id, stripe, accepted) values (${id.slice(4)}, 0, 1)`;
    const result = await call("GET", `/api/v1/jobs/${id}/results`, { key });
    expect([result.status, result.headers.get("x-shoal-shards"), result.headers.get("content-disposition"), await result.text()]).toEqual([
      200,
      "1/3",
      'attachment; filename="Three-records.csv"',
      "h\n1\n",
    ]);
    const part = await call("GET", `/api/v1/artifacts/${json.input.sha256}`, { key, headers: { range: "bytes=0-1" } });
    expect([part.status, part.headers.get("content-range"), part.headers.get("cache-control"), await part.text()]).toEqual([
      206,
      "bytes 0-1/20",
      "private, max-age=31536000, immutable",
      ">a",
    ]);
  });
});

describe("refusals", () => {
  test("400: an unknown field is named", async () => {
    const key = await openKey();
    const { json } = await submit(key);
    const answer = await call("POST", "/api/v1/jobs", { key, json: { ...json, slicing: { mode: "fasta", linesPerShard: 2 } } });
    expect([answer.status, (await answer.json()).error]).toEqual([
      400,
      {
        code: "bad_request",
        params: { field: "slicing.linesPerShard", problem: "it is not a known field" },
        message: "The field slicing.linesPerShard is not right: it is not a known field.",
      },
    ]);
    expect(await errorOf(await call("GET", "/api/v1/jobs?colour=red", { key }))).toEqual({ status: 400, code: "bad_request" });
    expect(await errorOf(await call("POST", "/api/v1/artifacts?part=everything", { key, body: "x" }))).toEqual({ status: 400, code: "bad_request" });
    expect(await errorOf(await call("GET", "/api/v1/artifacts/..%2F..%2Fetc%2Fpasswd", { key }))).toEqual({ status: 400, code: "bad_request" });
    expect(await errorOf(await call("GET", "/api/v1/jobs/job_1", { key }))).toEqual({ status: 400, code: "bad_request" });
  });

  test("400: bytes that differ from their digest", async () => {
    const key = await openKey();
    expect(await errorOf(await call("POST", `/api/v1/artifacts?part=input&sha256=${sha256Of("right")}`, { key, body: "wrong" }))).toEqual({
      status: 400,
      code: "digest_mismatch",
    });
  });

  test("401, 403, 404: no account, a key without the scope, somebody else's job", async () => {
    const { answer, json } = await submit(await openKey());
    const { id } = await answer.json();
    const writer = await openKey(["jobs:write", "artifacts:write"]);
    const reader = await openKey(["jobs:read"]);
    const paths = [
      ["GET", ""],
      ["POST", "/pause"],
      ["POST", "/resume"],
      ["POST", "/cancel"],
      ["GET", "/shards"],
      ["GET", "/results"],
    ] as const;
    for (const [method, path] of paths) {
      expect(await errorOf(await call(method, `/api/v1/jobs/${id}${path}`))).toEqual({ status: 401, code: "unauthenticated" });
      expect(await errorOf(await call(method, `/api/v1/jobs/${id}${path}`, { key: method === "GET" ? writer : reader }))).toEqual({
        status: 403,
        code: "key_scope",
      });
      expect(await errorOf(await call(method, `/api/v1/jobs/${id}${path}`, { key: method === "GET" ? reader : writer }))).toEqual({
        status: 404,
        code: "not_found",
      });
    }
    expect(await errorOf(await call("GET", `/api/v1/artifacts/${json.input.sha256}`, { key: reader }))).toEqual({ status: 404, code: "not_found" });
    expect(await errorOf(await call("POST", "/api/v1/artifacts?part=input", { key: reader, body: "x" }))).toEqual({ status: 403, code: "key_scope" });
    expect(await errorOf(await call("POST", "/api/v1/jobs", { key: reader, json }))).toEqual({ status: 403, code: "key_scope" });
    expect(
      await errorOf(await call("PUT", `/api/v1/artifacts/${sha256Of("x")}?jobId=${id}&grantId=${newId("grt")}&expires=1&signature=x`, { body: "x" })),
    ).toEqual({ status: 401, code: "signature_invalid" });
  });

  test("413: an upload over the limit is cut off while it is still being sent", async () => {
    const sent = { bytes: 0, cancelled: false };
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        sent.bytes += 1024 * 1024;
        controller.enqueue(new Uint8Array(1024 * 1024));
      },
      cancel() {
        sent.cancelled = true;
      },
    });
    expect(await errorOf(await call("POST", "/api/v1/artifacts?part=program", { key: await openKey(), body }))).toEqual({ status: 413, code: "too_large" });
    expect(sent.cancelled).toBe(true);
    expect(sent.bytes).toBeLessThan(JOB_LIMITS.programBytesMax + 4 * 1024 * 1024);
  });
});
