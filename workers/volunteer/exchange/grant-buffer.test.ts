import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { GrantId, JobId } from "#lib/domain/ids.ts";
import { EXCHANGE_LIMITS, exchange, type GrantView, type ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";
import { atSize } from "#lib/testing/run-size.ts";
import { type Draft, GrantBuffer, type ShardRef } from "./grant-buffer.ts";

const jobId = (n: number): JobId => `job_${n.toString(16).padStart(32, "0")}`;
const grantId = (n: number): GrantId => `grt_${n.toString(16).padStart(32, "0")}`;
const grant = (n: number, over: Partial<GrantView> = {}): GrantView => ({
  jobId: jobId(1),
  grantId: grantId(n),
  fromNo: 0,
  toNo: 3,
  deadlineMs: 45_000,
  outputUrl: "/o/{sha256}",
  ...over,
});
const result = (no: number, over: Partial<ResultReport> = {}): ResultReport => ({ no, outcome: "no_output", durationMs: 1, ...over });
const any = () => true;

function takeAll(buffer: GrantBuffer): ShardRef[] {
  const shards: ShardRef[] = [];
  for (let next = buffer.takeNext(any); next; next = buffer.takeNext(any)) shards.push(next);
  return shards;
}

const takenAcks = (draft: Draft) => ({ acks: draft.reports.map(({ jobId, grantId }) => ({ jobId, grantId, state: "taken" as const })), stop: [] });

/** One exchange that takes everything; checks what it says against the protocol and returns the results it carried. */
function exchangeOnce(buffer: GrantBuffer, seq: number): string[] {
  const draft = buffer.draft();
  const input = { version: PROTOCOL_VERSION, seq, ...draft, want: { shardsMax: 0, timeMs: 0 }, cores: 1, measured: [], knownJobs: [] };
  expect(exchange.input.safeParse(input).success).toBe(true);
  expect(JSON.stringify(input).length).toBeLessThan(EXCHANGE_LIMITS.bodyBytesMax);
  buffer.settle(draft, takenAcks(draft));
  return draft.reports.flatMap((r) => r.results.map((x) => `${r.grantId} ${x.no}`));
}

/** Runs every shard of the grants, with exchanges in between when the dice say so and whenever nothing is left to run. */
function playOut(grants: readonly { job: number; length: number; stderr: number }[], isTime: () => boolean) {
  const buffer = new GrantBuffer();
  const finished = new Set<string>();
  const sent: string[] = [];
  for (const [index, { job, length }] of grants.entries()) buffer.add(grant(index, { jobId: jobId(job), fromNo: 0, toNo: length }));
  const stderr = "e".repeat(grants[0]?.stderr ?? 0);
  for (let round = 0; !buffer.isEmpty && round < 5000; round++) {
    const shard = buffer.takeNext(any);
    if (shard && buffer.finish(shard, result(shard.no, { stderr }), round)) finished.add(`${shard.grantId} ${shard.no}`);
    if (shard === null || isTime()) sent.push(...exchangeOnce(buffer, round + 1));
  }
  return { buffer, finished, sent };
}

describe("GrantBuffer", () => {
  test("shards are taken in order, and a job that is prepared goes first", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1, { jobId: jobId(1), toNo: 2 }));
    buffer.add(grant(2, { jobId: jobId(2), fromNo: 7, toNo: 8 }));
    expect(buffer.takeNext((id) => id === jobId(2))).toEqual({ jobId: jobId(2), grantId: grantId(2), no: 7 });
    expect(takeAll(buffer).map((s) => s.no)).toEqual([0, 1]);
  });

  test("a grant that is granted twice is held once", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    takeAll(buffer);
    buffer.add(grant(1));
    expect(buffer.takeNext(any)).toBeNull();
  });

  test("a held grant is named as running until its last result is in an exchange, and forgotten when that is taken", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1, { toNo: 2 }));
    const [first, second] = takeAll(buffer) as [ShardRef, ShardRef];
    buffer.finish(first, result(0), 1);
    const draft = buffer.draft();
    expect(draft.running).toEqual([{ jobId: jobId(1), grantId: grantId(1) }]);
    buffer.settle(draft, takenAcks(draft));
    buffer.finish(second, result(1), 2);
    const last = buffer.draft();
    expect(last).toMatchObject({ running: [], reports: [{ results: [{ no: 1 }] }] });
    expect(buffer.isEmpty).toBe(false);
    expect(buffer.settle(last, takenAcks(last)).ended).toEqual([{ jobId: jobId(1), grantId: grantId(1), no: 1, state: "taken", problem: null }]);
    expect(buffer.isEmpty).toBe(true);
  });

  test.each(["late", "unknown"] as const)("an ack %s drops the results and the rest of the grant", (state) => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    const [first, second] = takeAll(buffer) as [ShardRef, ShardRef];
    buffer.finish(first, result(0), 1);
    const draft = buffer.draft();
    const settled = buffer.settle(draft, { acks: [{ jobId: jobId(1), grantId: grantId(1), state }], stop: [] });
    expect(settled.ended).toEqual([{ jobId: jobId(1), grantId: grantId(1), no: 0, state: "late", problem: null }]);
    expect(settled.dropped.map((s) => s.no)).toEqual([1, 2]);
    expect(buffer.finish(second, result(1), 2)).toBe(false);
    expect(buffer.isEmpty).toBe(true);
  });

  test("a refused result is not sent again, and the rest of its grant is handed back", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    const [first] = takeAll(buffer) as [ShardRef];
    buffer.finish(first, result(0), 1);
    const draft = buffer.draft();
    const settled = buffer.settle(draft, {
      acks: [{ jobId: jobId(1), grantId: grantId(1), state: "taken", refused: [{ no: 0, problem: "wrong" }] }],
      stop: [],
    });
    expect(settled.ended).toEqual([{ jobId: jobId(1), grantId: grantId(1), no: 0, state: "refused", problem: "wrong" }]);
    expect(buffer.draft()).toEqual({ reports: [], running: [], abandoned: [{ jobId: jobId(1), grantId: grantId(1) }] });
  });

  test("a stopped grant is dropped at once with what runs of it", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    buffer.takeNext(any);
    const settled = buffer.settle(buffer.draft(), { acks: [], stop: [{ jobId: jobId(1), grantId: grantId(1) }] });
    expect(settled.dropped).toEqual([{ jobId: jobId(1), grantId: grantId(1), no: 0 }]);
    expect(buffer.isEmpty).toBe(true);
  });

  test("what was finished while a grant was being stopped is reported once more", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    const [first] = takeAll(buffer) as [ShardRef];
    const draft = buffer.draft();
    buffer.finish(first, result(0), 1);
    expect(buffer.settle(draft, { acks: [], stop: [{ jobId: jobId(1), grantId: grantId(1) }] }).dropped).toHaveLength(2);
    const last = buffer.draft();
    expect(last).toMatchObject({ reports: [{ results: [{ no: 0 }] }], running: [], abandoned: [] });
    buffer.settle(last, takenAcks(last));
    expect(buffer.isEmpty).toBe(true);
  });

  test("results of an earlier life are reported together with handing back the rest of their grant", () => {
    const buffer = new GrantBuffer();
    buffer.restore({ jobId: jobId(1), grantId: grantId(1) }, [result(4), result(6)], 1);
    expect(buffer.takeNext(any)).toBeNull();
    const draft = buffer.draft();
    expect(draft.reports.flatMap((r) => r.results.map((x) => x.no))).toEqual([4, 6]);
    expect(draft.abandoned).toEqual([{ jobId: jobId(1), grantId: grantId(1) }]);
    expect(buffer.settle(draft, takenAcks(draft)).ended).toHaveLength(2);
    expect(buffer.isEmpty).toBe(true);
  });

  test("handing back what is idle leaves the grants that run", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    buffer.add(grant(2));
    buffer.takeNext(any);
    buffer.handBackIdle();
    const draft = buffer.draft();
    expect(draft.abandoned).toEqual([{ jobId: jobId(1), grantId: grantId(2) }]);
    expect(draft.running).toEqual([{ jobId: jobId(1), grantId: grantId(1) }]);
  });

  test("handing everything back keeps finished results and says so in one exchange", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    buffer.add(grant(2, { fromNo: 3, toNo: 5 }));
    const [first, second] = takeAll(buffer) as [ShardRef, ShardRef];
    buffer.finish(first, result(0), 1);
    buffer.handBackAll();
    expect(buffer.finish(second, result(1), 2)).toBe(false);
    const draft = buffer.draft();
    expect(draft.reports.flatMap((r) => r.results.map((x) => x.no))).toEqual([0]);
    expect(draft.abandoned.map((a) => a.grantId).sort()).toEqual([grantId(1), grantId(2)]);
    expect(draft.running).toEqual([]);
    buffer.settle(draft, takenAcks(draft));
    expect(buffer.isEmpty).toBe(true);
  });

  test("a draft whose answer is not waited for gives its results back", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1, { toNo: 1 }));
    const [first] = takeAll(buffer) as [ShardRef];
    buffer.finish(first, result(0), 1);
    buffer.takeBack(buffer.draft());
    expect(buffer.draft().reports).toMatchObject([{ results: [{ no: 0 }] }]);
  });

  test("last words name every grant and every result, sent or not, and change nothing", () => {
    const buffer = new GrantBuffer();
    buffer.add(grant(1));
    const [first, second] = takeAll(buffer) as [ShardRef, ShardRef];
    buffer.finish(first, result(0), 1);
    buffer.draft();
    buffer.finish(second, result(1), 2);
    const words = buffer.lastWords(10_000);
    expect(words.reports.flatMap((r) => r.results.map((x) => x.no))).toEqual([0, 1]);
    expect(words.abandoned).toEqual([{ jobId: jobId(1), grantId: grantId(1) }]);
    expect(buffer.lastWords(10_000)).toEqual(words);
    expect(buffer.lastWords(0).reports).toEqual([]);
  });

  test("whatever happens, every draft keeps to the protocol and every finished result is sent exactly once", () => {
    const views = fc.array(
      fc.record({ job: fc.integer({ min: 1, max: 7 }), length: fc.integer({ min: 1, max: 40 }), stderr: fc.integer({ min: 0, max: 60_000 }) }),
      { minLength: 1, maxLength: 90 },
    );
    fc.assert(
      fc.property(views, fc.infiniteStream(fc.nat(9)), (grants, dice) => {
        const { buffer, finished, sent } = playOut(grants, () => dice.next().value === 0);
        expect(buffer.isEmpty).toBe(true);
        expect(sent.length).toBe(new Set(sent).size);
        expect(new Set(sent)).toEqual(finished);
      }),
      { numRuns: atSize(25, 500) },
    );
  });
});
