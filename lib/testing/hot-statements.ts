import { createHash } from "node:crypto";
import { type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { ExchangeInput, GrantView, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { insertJobArtifacts } from "#lib/server/artifacts/artifact-store.ts";
import { recordArtifact } from "#lib/server/artifacts/record-artifact.ts";
import { openDatabase } from "#lib/server/db/client.ts";
import { JobSnapshot } from "#lib/server/exchange/job-snapshot.ts";
import { makeAccount, makeDevice, makeJob } from "./builders.ts";
import { DrivenDevice, okResult } from "./exchange-driver.ts";
import type { TestServices } from "./services.ts";

/** A statement as it was sent, with what stood in its gaps. */
export type SentStatement = { text: string; values: readonly (string | Buffer | null)[] };

/** What is read once a second for all exchanges of a process, and once for each job that it comes to know: the snapshot of running jobs. */
const OF_THE_SNAPSHOT = [/from job_cursors c cross join lateral/, /from trust_classes where is_flooded/, /from jobs where id = any/];
const LARGE_BYTES = 9000;
const AGREED_OF_THE_RELIABLE = 20;

/**
 * Every statement that exchanges send, each once: those of devices that agree and that do not, whose program or machine fails, whose outputs are uploaded or compared as
 * numbers, that renew, repeat a request, hand back and hurry what others hold, in jobs whose results are final at once and in such whose results are held. Their jobs
 * do not end, which is no part of it.
 */
export async function captureHotStatements(services: TestServices): Promise<SentStatement[]> {
  const sent = new Map<string, SentStatement>();
  const db = openDatabase(services.databaseUrl, { applicationName: "test", onStatement: (text, values) => sent.set(text, { text, values }) });
  try {
    const shapes: Shape[] = [{}, { assurance: "standard" }, { compare: { kind: "numeric", elements: "f32", absolute: 1, relative: 0, ulp: 0 } }];
    for (const shape of shapes) await exchangeInEveryWay(services, db, shape);
  } finally {
    await db.end();
  }
  return [...sent.values()].filter(({ text }) => !OF_THE_SNAPSHOT.some((pattern) => pattern.test(text)));
}

type Shape = NonNullable<Parameters<typeof makeJob>[2]>;

async function exchangeInEveryWay(services: TestServices, db: TestServices["db"], shape: Shape): Promise<void> {
  await services.db`update job_cursors set state = 'cancelled'`;
  const owner = await makeAccount(services);
  const { jobId } = await makeJob(services, owner.accountId, { ...shape, shardCount: 24, quorum: 2, replicasMax: 4 });
  const snapshot = new JobSnapshot({ ...services, db });
  const open = async () => new DrivenDevice({ ...(await makeDevice(services)).ctx, db }, snapshot);
  const [a, b, c, reliable] = [await open(), await open(), await open(), await open()];
  await services.db`insert into device_trust (device_id, cluster_id, agreed, touched_at)
    values (${uuidOf(reliable.deviceId)}, ${uuidOf(reliable.deviceId)}, ${AGREED_OF_THE_RELIABLE}, ${services.clock.now()})`;
  const large = await upload(services, jobId);
  for (const device of [a, b]) await device.exchange({ reports: reportsOf(await take(device, 1), (no) => okResult(no, "same")) });
  const one = await take(a, 8);
  await a.exchange({ running: one.map(({ grantId }) => ({ jobId, grantId })) });
  await a.exchange({ shards: 8, seq: a.seq });
  const other = await take(b, 8);
  await a.exchange({ reports: reportsOf(one, (no) => resultOf(no, { own: "a", large })) });
  await b.exchange({ reports: reportsOf(other, (no) => resultOf(no, { own: "b", large })) });
  // A report that comes again, and a third opinion on what was reported differently.
  await a.exchange({ reports: reportsOf(one, (no) => resultOf(no, { own: "a", large })) });
  await c.exchange({ reports: reportsOf(await take(c, 8), (no) => resultOf(no, { own: "b", large })) });
  const [back] = await take(a, 4);
  if (back) await a.exchange({ abandoned: [{ jobId, grantId: back.grantId }] });
  for (const device of [a, b, c, a, b, c]) await take(device, 8);
  services.clock.advance(30_000);
  await reliable.exchange({ shards: 4, measured: [{ jobId, msPerShard: 1, count: 10 }] });
}

async function take(device: DrivenDevice, shards: number): Promise<GrantView[]> {
  return (await device.exchange({ shards })).grants;
}

function reportsOf(grants: readonly GrantView[], resultFor: (no: number) => ResultReport): ExchangeInput["reports"] {
  return grants.map(({ jobId, grantId, fromNo, toNo }) => ({
    jobId,
    grantId,
    results: Array.from({ length: toNo - fromNo }, (_, i) => resultFor(fromNo + i)),
  }));
}

/** By its number: what all say alike, what each says differently, a failure of the program, one of the machine, and a large output. */
function resultOf(no: number, { own, large }: { own: string; large: string }): ResultReport {
  const kind = no % 5;
  if (kind === 1) return okResult(no, `${own}`.repeat(4));
  if (kind === 2) return { no, outcome: "exit_code", exitCode: 3, durationMs: 1 };
  if (kind === 3) return { no, outcome: "timeout", durationMs: 1 };
  if (kind === 4) return { no, outcome: "ok", digest: large, outputBytes: LARGE_BYTES, durationMs: 1 };
  return okResult(no, "same");
}

async function upload(services: TestServices, jobId: JobId): Promise<string> {
  const bytes = createHash("sha256").update(jobId).digest();
  const stored = await services.blobs.put(
    (async function* () {
      yield Buffer.concat([bytes, Buffer.alloc(LARGE_BYTES - bytes.length)]);
    })(),
    { bytesMax: LARGE_BYTES },
  );
  if (!stored.ok) throw new Error(stored.reason);
  await recordArtifact(services, stored, (tx) => insertJobArtifacts(tx, jobId, [{ sha256: stored.sha256, part: "output" }]));
  return stored.sha256;
}
