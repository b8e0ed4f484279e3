import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { uuidOf } from "#lib/domain/ids.ts";
import type { GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { DrivenDevice, okResult } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { chunksOf } from "#lib/testing/submission.ts";
import { putOutput } from "../artifacts/put-output.ts";
import type { Context } from "../context.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { listShards } from "../shards/list-shards.ts";
import { endJob } from "./end-job.ts";
import { getResults, resultFileName } from "./get-results.ts";

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services)).ctx;
  stranger = (await makeAccount(services)).ctx;
});
afterAll(() => services.close());

async function bodyOf(answer: ByteAnswer): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  return Buffer.concat(parts).toString();
}

type Run = (no: number, grant: GrantView) => ResultReport | null | Promise<ResultReport | null>;

/** A job whose shards two devices ran as `run` says (null is not reported); other jobs end first. */
async function computed(shardCount: number, run: Run) {
  const others = await services.db<{ id: string }[]>`select id from jobs where state = 'running'`;
  for (const { id } of others) await endJob(services, { jobId: `job_${id.replaceAll("-", "")}`, state: "cancelled" });
  const job = await makeJob(services, owner.principal.accountId, { shardCount, priceMicro: 1n });
  const snapshot = new JobSnapshot(services);
  for (let i = 0; i < 2; i++) {
    const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
    const { grants } = await device.exchange({ shards: shardCount });
    for (const grant of grants) {
      const nos = Array.from({ length: grant.toNo - grant.fromNo }, (_, at) => grant.fromNo + at);
      const results = (await Promise.all(nos.map((no) => run(no, grant)))).filter((result) => result !== null);
      const { acks } = await device.exchange({ reports: [{ jobId: grant.jobId, grantId: grant.grantId, results }] });
      expect(acks).toEqual([{ jobId: grant.jobId, grantId: grant.grantId, state: "taken" }]);
    }
  }
  return job;
}

/** A job all of whose shards are accepted with these outputs, written by hand where thousands of exchanges would say no more. */
async function accepted(outputs: readonly string[]) {
  const job = await makeJob(services, owner.principal.accountId, { shardCount: outputs.length });
  const id = uuidOf(job.jobId);
  await services.db`
    insert into shards (job_id, no, verdict, outcome, digest, output, output_bytes, decided_at)
    select ${id}::uuid, no - 1, 'accepted', 'ok', '\\x00', convert_to(text, 'UTF8'), length(text), now() from unnest(${outputs}::text[]) with ordinality as t (text, no)`;
  await services.db`insert into job_counters (job_id, stripe, accepted) values (${id}, 0, ${outputs.length}) on conflict (job_id, stripe) do update set accepted = excluded.accepted`;
  return job;
}

/** A result above 8 KiB, uploaded through the grant's URL first. */
async function largeResult(no: number, grant: GrantView, text: string): Promise<ResultReport> {
  const sha256 = createHash("sha256").update(text).digest("hex");
  const query = new URL(grant.outputUrl, "http://localhost").searchParams;
  const input = {
    sha256,
    jobId: query.get("jobId") ?? "",
    grantId: query.get("grantId") ?? "",
    expires: Number(query.get("expires")),
    signature: query.get("signature") ?? "",
  };
  await putOutput({ ...services, principal: { kind: "anonymous" } }, input, chunksOf(text, 10_000));
  return { no, outcome: "ok", digest: sha256, outputBytes: text.length, durationMs: 10 };
}

describe("the result", () => {
  test("200: outputs stand in shard order, small and large ones, with headers of a download", async () => {
    const text = (no: number) => (no % 3 === 1 ? `shard ${no} ${"x".repeat(9000 + no)}\n` : `shard ${no}\n`);
    const { jobId } = await computed(9, (no, grant) => (no % 3 === 1 ? largeResult(no, grant, text(no)) : okResult(no, text(no))));
    const answer = await getResults(owner, { jobId });
    expect(answer.headers).toEqual({
      "cache-control": "private, no-store",
      "content-disposition": 'attachment; filename="Counting.txt"',
      "content-security-policy": "sandbox",
      "content-type": "text/plain; charset=utf-8",
      "x-content-type-options": "nosniff",
      "x-shoal-final": "9",
      "x-shoal-shards": "9/9",
    });
    expect(await bodyOf(answer)).toBe(Array.from({ length: 9 }, (_, no) => text(no)).join(""));
  });

  test("200: a csv has its header once", async () => {
    const { jobId } = await computed(4, (no) => okResult(no, `no,square\n${no},${no * no}`));
    await services.db`update jobs set spec = jsonb_set(spec, '{output,format}', '"csv"') where id = ${uuidOf(jobId)}`;
    const answer = await getResults(owner, { jobId });
    expect([answer.headers["content-type"], answer.headers["content-disposition"]]).toEqual(["text/csv; charset=utf-8", 'attachment; filename="Counting.csv"']);
    expect(await bodyOf(answer)).toBe("no,square\n0,0\n1,1\n2,4\n3,9");
  });

  test.each(["bytes", "csv", "ndjson", "json"] as const)("200: %s of thousands of shards of every length is joined over all pages", async (format) => {
    const texts = Array.from({ length: 3000 }, (_, no) => (no % 7 === 3 ? "" : `"${no}${no % 500 === 1 ? "x".repeat(8000) : "y".repeat(no % 90)}"`));
    const { jobId } = await accepted(texts);
    await services.db`update jobs set spec = jsonb_set(spec, '{output,format}', ${services.db.json(format)}) where id = ${uuidOf(jobId)}`;
    const outputs = texts.filter((text) => text !== "");
    const joined = { bytes: outputs.join(""), csv: outputs.join("\n"), ndjson: outputs.join("\n"), json: `[\n${outputs.join(",\n")}\n]\n` };
    const body = await bodyOf(await getResults(owner, { jobId }));
    // A difference in so much text is not to be printed.
    expect(body === joined[format]).toBe(true);
  });

  test("200: while the job runs it holds exactly as many shards as its header says, whatever is verified meanwhile", async () => {
    const { jobId } = await computed(600, (no) => (no < 300 ? okResult(no, `${no}\n`) : null));
    const answer = await getResults(owner, { jobId });
    expect(answer.headers["x-shoal-shards"]).toBe("300/600");
    await services.db`
      insert into shards (job_id, no, verdict, outcome, output, output_bytes, decided_at)
      select ${uuidOf(jobId)}::uuid, no, 'accepted', 'ok', 'late'::bytea, 4, now() from generate_series(300, 599) as no`;
    expect(await bodyOf(answer)).toBe(Array.from({ length: 300 }, (_, no) => `${no}\n`).join(""));
  });

  test("a download that breaks off reads no more than the page that was being made meanwhile", async () => {
    const { jobId } = await accepted(Array.from({ length: 6000 }, (_, no) => `${no}\n`.padStart(1000, " ")));
    const queries = { count: 0 };
    const db = new Proxy(services.db, {
      apply(target, self, args) {
        // A part of a statement is a call of its own.
        if (String(args[0]).includes("string_agg")) queries.count++;
        return Reflect.apply(target, self, args);
      },
    });
    const answer = await getResults({ ...owner, db }, { jobId });
    queries.count = 0;
    for await (const _ of answer.body) break;
    expect(queries.count).toBe(2);
  });

  test("409: there is none before the first accepted shard, nor ever for a job that ended without one", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    await expect(getResults(owner, { jobId })).rejects.toMatchObject({ code: "result_not_ready" });
    await endJob(services, { jobId, state: "cancelled" });
    await expect(getResults(owner, { jobId })).rejects.toMatchObject({ code: "conflict" });
  });

  test("401, 403, 404: who may not read it", async () => {
    const { jobId } = await makeJob(services, owner.principal.accountId);
    for (const read of [getResults, (ctx: Context, input: { jobId: typeof jobId }) => listShards(ctx, { ...input, after: -1, limit: 10 })]) {
      await expect(read({ ...services, principal: { kind: "anonymous" } }, { jobId })).rejects.toMatchObject({ code: "unauthenticated" });
      await expect(read({ ...owner, principal: { ...owner.principal, scopes: ["jobs:write"] } }, { jobId })).rejects.toMatchObject({ code: "key_scope" });
      await expect(read(stranger, { jobId })).rejects.toMatchObject({ code: "not_found", params: { what: "job" } });
    }
  });
});

test.each([
  ["Protein search", "Protein-search.csv"],
  ["../../etc/passwd", "etc-passwd.csv"],
  ['a"; filename="evil.exe', "a-filename-evil.exe.csv"],
  ["line\r\nset-cookie: x", "line-set-cookie-x.csv"],
  ["Äpfel & Bäume", "Apfel-Baume.csv"],
  ["...", "result.csv"],
  ["数値", "result.csv"],
  ["x".repeat(200), `${"x".repeat(80)}.csv`],
])("the job name %j becomes the file name %s", (name, file) => {
  expect(resultFileName(name, "csv")).toBe(file);
});

describe("shards", () => {
  test("200: failed shards show exit code, trap and stderr of the replicas that agreed", async () => {
    const { jobId } = await computed(6, (no) => {
      if (no === 1) return { no, outcome: "exit_code", exitCode: 3, stderr: "bad record\n", durationMs: 5 };
      if (no === 4) return { no, outcome: "trap", trap: "unreachable", stderr: "assertion failed\n", durationMs: 5 };
      return okResult(no, `${no}`);
    });
    const { shards, next } = await listShards(owner, { jobId, verdict: "failed", after: -1, limit: 50 });
    expect(next).toBeNull();
    expect(shards.map((shard) => [shard.no, shard.outcome, shard.reason?.message])).toEqual([
      [1, "exit_code", "The program ended as exit_code on every device."],
      [4, "trap", "The program ended as trap on every device."],
    ]);
    expect(shards[0]?.replicas).toHaveLength(2);
    for (const replica of shards[0]?.replicas ?? [])
      expect(replica).toMatchObject({ outcome: "exit_code", exitCode: 3, trap: null, stderr: "bad record\n", agreed: "yes", durationMs: 5 });
    for (const replica of shards[1]?.replicas ?? [])
      expect(replica).toMatchObject({ outcome: "trap", exitCode: null, trap: "unreachable", stderr: "assertion failed\n" });
  });

  test("200: what a replica that was found wrong wrote to stderr is not shown", async () => {
    const { jobId } = await computed(1, (no) => okResult(no, "right"));
    await services.db`update results set agreed = 'no', stderr = 'click here' where job_id = ${uuidOf(jobId)} and voter_id = (select min(voter_id::text)::uuid from results where job_id = ${uuidOf(jobId)})`;
    const [shard] = (await listShards(owner, { jobId, after: -1, limit: 50 })).shards;
    expect(shard?.replicas.map((replica) => replica.stderr)).toEqual([null, null]);
    expect(shard?.replicas.map((replica) => replica.agreed).sort()).toEqual(["no", "yes"]);
  });

  test("200: pages hold every decided shard once, in order, and end early rather than carry megabytes of stderr", async () => {
    const { jobId } = await computed(40, (no) => ({ no, outcome: "exit_code", exitCode: 1, stderr: "e".repeat(65_536), durationMs: 5 }));
    const seen: number[] = [];
    let after: number | null = -1;
    while (after !== null) {
      const page: Awaited<ReturnType<typeof listShards>> = await listShards(owner, { jobId, after, limit: 30 });
      expect(JSON.stringify(page).length).toBeLessThan(3 * 1024 * 1024);
      seen.push(...page.shards.map((shard) => shard.no));
      after = page.next;
    }
    expect(seen).toEqual(Array.from({ length: 40 }, (_, no) => no));
  });
});
