import { createHash } from "node:crypto";
import { inflateSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobSpec } from "#lib/domain/job/job.ts";
import type { AccountPrincipal } from "#lib/server/principal.ts";
import { makeAccount, makeJob } from "#lib/testing/builders.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import type { Context } from "../../context.ts";
import type { ByteAnswer } from "../../http/handle.ts";
import { renderBytes } from "../../http/render.ts";
import { listRunningJobs } from "../../network/network-store.ts";
import { getPicture } from "../get-picture.ts";
import { getPublicPicture } from "../publication/get-public-job.ts";
import { publishJob } from "../publication/publish-job.ts";

const TILE = { width: 2, height: 1, pixels: "rgb8" } as const;
const MOSAIC = { output: { format: "tile", tile: TILE }, reducer: { kind: "mosaic", columns: 2 } } as const;
const ANEW = { range: null, ifNoneMatch: null };

let services: TestServices;
let owner: Context<AccountPrincipal>;
let stranger: Context<AccountPrincipal>;
let anybody: Context;

beforeAll(async () => {
  services = await openTestServices();
  owner = (await makeAccount(services, 1_000_000_000_000n)).ctx;
  stranger = (await makeAccount(services)).ctx;
  anybody = { ...services, principal: { kind: "anonymous" } };
});
afterAll(() => services.close());

async function makeMosaic(shardCount: number, change: Pick<JobSpec, "output" | "reducer"> = MOSAIC): Promise<JobId> {
  const { jobId, spec } = await makeJob(services, owner.principal.accountId, { shardCount, priceMicro: 1n });
  await services.db`update jobs set spec = ${services.db.json({ ...spec, ...change })} where id = ${uuidOf(jobId)}`;
  return jobId;
}

/** Accepts a shard with this output, as a verdict does. */
async function accept(jobId: JobId, no: number, output: Uint8Array): Promise<void> {
  const digest = createHash("sha256").update(output).digest();
  await services.db`
    insert into shards (job_id, no, verdict, outcome, digest, output, output_bytes, decided_at)
    values (${uuidOf(jobId)}, ${no}, 'accepted', 'ok', ${digest}, ${Buffer.from(output)}, ${output.length}, now())
    on conflict (job_id, no) do update set verdict = 'accepted', digest = excluded.digest, output = excluded.output`;
  await services.db`
    insert into job_counters (job_id, stripe, accepted) values (${uuidOf(jobId)}, 0, 1)
    on conflict (job_id, stripe) do update set accepted = job_counters.accepted + 1`;
}

const tileOf = (value: number) => new Uint8Array(6).fill(value);

async function seen(answer: ByteAnswer) {
  const parts: Uint8Array[] = [];
  for await (const part of answer.body) parts.push(part);
  const png = Buffer.concat(parts);
  const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)];
  const at = png.indexOf("IDAT");
  const lines = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const rows = Array.from({ length: height }, (_, y) =>
    Array.from({ length: width }, (_, x) => {
      const pixel = y * (1 + width * 4) + 1 + x * 4;
      return lines[pixel + 3] === 0 ? "-" : String(lines[pixel]);
    }).join(" "),
  );
  return { rows, shards: answer.headers["x-shoal-shards"], status: answer.status, etag: answer.headers.etag ?? null };
}

describe("the picture of a job", () => {
  test("grows with what is accepted, keeps what is no tile empty, and loses what was taken back", async () => {
    const jobId = await makeMosaic(4);
    const look = async () => {
      services.clock.advance(2000);
      return await seen(await getPicture(owner, { jobId }, ANEW));
    };
    expect(await look()).toMatchObject({ rows: ["- - - -", "- - - -"], shards: "0/4" });
    await accept(jobId, 1, tileOf(7));
    await accept(jobId, 2, new Uint8Array(5));
    expect(await look()).toMatchObject({ rows: ["- - 7 7", "- - - -"], shards: "2/4" });
    await accept(jobId, 0, tileOf(5));
    expect(await look()).toMatchObject({ rows: ["5 5 7 7", "- - - -"], shards: "3/4" });
    await services.db`update shards set verdict = 'open', output = null where job_id = ${uuidOf(jobId)} and no = 1`;
    await services.db`update job_counters set accepted = accepted - 1, revoked = revoked + 1 where job_id = ${uuidOf(jobId)}`;
    expect(await look()).toMatchObject({ rows: ["5 5 - -", "- - - -"], shards: "2/4" });
    await accept(jobId, 1, tileOf(9));
    expect(await look()).toMatchObject({ rows: ["5 5 9 9", "- - - -"], shards: "3/4" });
  });

  test("is not sent again to who has it, and read once for all who ask within two seconds", async () => {
    const jobId = await makeMosaic(2);
    await accept(jobId, 0, tileOf(1));
    const { etag } = await seen(await getPicture(owner, { jobId }, ANEW));
    const again = await getPicture(owner, { jobId }, { range: null, ifNoneMatch: etag });
    const response = renderBytes(again, services.log);
    expect([response.status, await response.text(), response.headers.get("etag")]).toEqual([304, "", etag]);
    await accept(jobId, 1, tileOf(2));
    expect((await getPicture(owner, { jobId }, { range: null, ifNoneMatch: etag })).status).toBe(304);
    services.clock.advance(2000);
    const [one, two] = await Promise.all([1, 2].map(async () => await seen(await getPicture(owner, { jobId }, { range: null, ifNoneMatch: etag }))));
    expect(one).toEqual(two);
    expect(one).toMatchObject({ status: 200, rows: ["1 1 2 2"] });
  });

  test("is its owner's until the job is published; what has none looks like nothing", async () => {
    const jobId = await makeMosaic(2);
    const hasPicture = async () => (await listRunningJobs(services.db, { now: services.clock.now(), limit: 1, jobId })).jobs[0]?.hasPicture;
    await expect(getPicture(stranger, { jobId }, ANEW)).rejects.toMatchObject({ code: "not_found" });
    await expect(getPicture(anybody, { jobId }, ANEW)).rejects.toMatchObject({ code: "unauthenticated" });
    await expect(getPublicPicture(anybody, { jobId }, ANEW)).rejects.toMatchObject({ code: "not_found", params: { what: "job" } });
    expect(await hasPicture()).toBe(false);
    await publishJob(owner, { jobId });
    expect(await hasPicture()).toBe(true);
    expect(await seen(await getPublicPicture(anybody, { jobId }, ANEW))).toMatchObject({ rows: ["- - - -"] });
    const plain = await makeMosaic(2, { output: { format: "text" }, reducer: { kind: "concat" } });
    await publishJob(owner, { jobId: plain });
    await expect(getPublicPicture(anybody, { jobId: plain }, ANEW)).rejects.toMatchObject({ code: "not_found", params: { what: "picture" } });
  });
});
