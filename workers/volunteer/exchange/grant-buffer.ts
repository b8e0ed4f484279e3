import type { GrantId, JobId } from "#lib/domain/ids.ts";
import { EXCHANGE_LIMITS, type ExchangeInput, type ExchangeOutput, type GrantView, type ResultReport } from "#lib/protocol/exchange/exchange.ts";

/*
 * What this device holds. A shard of a held grant is in one of these states, and leaves them only as the table says:
 *
 * | state    | means                                   | leaves to, when                                            |
 * |----------|-----------------------------------------|------------------------------------------------------------|
 * | queued   | granted, waits for a core               | running (takeNext), gone (grant ends)                      |
 * | running  | an executor has it                      | finished (finish), gone (grant ends)                       |
 * | finished | its result waits for an exchange        | sent (draft), gone (grant is late or unknown)              |
 * | sent     | its result is in the exchange under way | gone (settle)                                              |
 *
 * A grant ends when all its shards are gone, when the server calls it late or unknown, or when it was handed back and an exchange said so. Handing back
 * keeps the finished results: they travel in the same exchange. So does a stop by the server: what was finished before is reported once more, because the
 * results of a grant that was given up for lost may still count.
 */

export type ShardRef = { jobId: JobId; grantId: GrantId; no: number };
export type HeldCounts = { jobId: JobId; queued: number; running: number };
export type Draft = Pick<ExchangeInput, "reports" | "running" | "abandoned">;
type GrantRef = { jobId: JobId; grantId: GrantId };
/** What became of one finished result. */
export type EndedResult = { jobId: JobId; grantId: GrantId; no: number; state: "taken" | "late" | "refused"; problem: string | null };
/** What an answer changed: results that are settled, and running shards whose grants have ended. */
export type Settled = { ended: EndedResult[]; dropped: ShardRef[] };

type Finished = { result: ResultReport; bytes: number; atMs: number };
type Held = {
  view: GrantView;
  /** Numbers from here to the grant's end are queued. */
  nextNo: number;
  running: Set<number>;
  finished: Finished[];
  /** In the exchange under way. */
  sent: Finished[];
  isHandedBack: boolean;
  /** When an exchange last named it; the longest unnamed go first. */
  namedAt: number;
};

/** Results of one exchange stay below this, so that the request stays below the protocol's limit whatever else it carries. */
const RESULT_BYTES_MAX = EXCHANGE_LIMITS.bodyBytesMax / 2;

const encoder = new TextEncoder();

/** The grants, shards and results of a device between two exchanges; pure memory, no clock of its own. */
export class GrantBuffer {
  #held = new Map<GrantId, Held>();
  #exchanges = 0;

  /** Takes a grant over; one that is held already stays as it is. */
  add(view: GrantView): void {
    if (this.#held.has(view.grantId)) return;
    this.#held.set(view.grantId, { view, nextNo: view.fromNo, running: new Set(), finished: [], sent: [], isHandedBack: false, namedAt: this.#exchanges });
  }

  /** Takes over the results that an earlier life of this device did not get acknowledged; what else there was of their grant is handed back with them. */
  restore({ jobId, grantId }: GrantRef, results: readonly ResultReport[], atMs: number): void {
    if (this.#held.has(grantId)) return;
    const view: GrantView = { jobId, grantId, fromNo: 0, toNo: 0, deadlineMs: 0, outputUrl: "" };
    const finished = results.map((result) => ({ result, bytes: sizeOf(result), atMs }));
    this.#held.set(grantId, { view, nextNo: 0, running: new Set(), finished, sent: [], isHandedBack: true, namedAt: this.#exchanges });
  }

  find(grantId: GrantId): GrantView | null {
    return this.#held.get(grantId)?.view ?? null;
  }

  /** The job of the shard that waits longest for a core; null when none waits. */
  nextJob(): JobId | null {
    for (const held of this.#held.values()) if (!held.isHandedBack && held.nextNo < held.view.toNo) return held.view.jobId;
    return null;
  }

  /** The next queued shard of the jobs that `may` run, oldest grant first, and of those a job that `prefers`; it is running from now on. */
  takeNext(prefers: (jobId: JobId) => boolean, may: (jobId: JobId) => boolean = () => true): ShardRef | null {
    const open = [...this.#held.values()].filter((held) => !held.isHandedBack && held.nextNo < held.view.toNo && may(held.view.jobId));
    const chosen = open.find((held) => prefers(held.view.jobId)) ?? open[0];
    if (!chosen) return null;
    const no = chosen.nextNo++;
    chosen.running.add(no);
    return { jobId: chosen.view.jobId, grantId: chosen.view.grantId, no };
  }

  /** Keeps the result of a running shard; false when its grant has ended meanwhile, and then the result is nobody's. */
  finish(shard: ShardRef, result: ResultReport, atMs: number): boolean {
    const held = this.#held.get(shard.grantId);
    if (!held?.running.delete(shard.no)) return false;
    held.finished.push({ result, bytes: sizeOf(result), atMs });
    return true;
  }

  /** Marks a grant to be handed back in the next exchange; its queued and running shards are gone. Returns those that were running. */
  handBack(grantId: GrantId): ShardRef[] {
    const held = this.#held.get(grantId);
    if (!held) return [];
    held.isHandedBack = true;
    held.nextNo = held.view.toNo;
    return this.#clearRunning(held);
  }

  handBackAll(): ShardRef[] {
    return [...this.#held.keys()].flatMap((grantId) => this.handBack(grantId));
  }

  /** Hands back the grants of which no shard runs. */
  handBackIdle(): void {
    for (const held of this.#held.values()) if (held.running.size === 0) this.handBack(held.view.grantId);
  }

  /** What the next exchange says, within the limits of one: reports first, then what was not named for longest. What is reported here is sent from now on. */
  draft(): Draft {
    const draft: Draft = { reports: [], running: [], abandoned: [] };
    const room = { results: EXCHANGE_LIMITS.resultsMax as number, bytes: RESULT_BYTES_MAX };
    const jobs = new Set<JobId>();
    this.#exchanges++;
    for (const held of this.#byUrgency()) {
      if (!jobs.has(held.view.jobId) && jobs.size >= EXCHANGE_LIMITS.jobsMax) continue;
      if (name(held, draft, room)) {
        jobs.add(held.view.jobId);
        held.namedAt = this.#exchanges;
      }
    }
    return draft;
  }

  /** Learns what became of a draft. What was reported without an answer counts as unknown: it is never sent twice under another number. */
  settle(draft: Draft, answer: Pick<ExchangeOutput, "acks" | "stop">): Settled {
    const settled: Settled = { ended: [], dropped: [] };
    const acks = new Map(answer.acks.map((ack) => [ack.grantId, ack]));
    for (const report of draft.reports) this.#settleReport(report, acks.get(report.grantId), settled);
    for (const { grantId } of draft.abandoned) this.#forget(grantId);
    for (const { grantId } of answer.stop) {
      const held = this.#held.get(grantId);
      if (held) settled.dropped.push(...this.#stop(held));
    }
    return settled;
  }

  /** The answer to a draft will not be waited for: its results are finished again, to be sent under another number. The instance takes a result once. */
  takeBack(draft: Draft): void {
    for (const report of draft.reports) {
      const held = this.#held.get(report.grantId);
      if (!held) continue;
      held.finished.unshift(...held.sent);
      held.sent = [];
    }
  }

  /** What would be said if this were the end: every grant handed back, with as many results, sent or not, as fit into `bytesMax`. Changes nothing. */
  lastWords(bytesMax: number): Draft {
    const words: Draft = { reports: [], running: [], abandoned: [] };
    const jobs = new Set<JobId>();
    let left = bytesMax;
    for (const { view, sent, finished } of this.#byUrgency()) {
      const { jobId, grantId } = view;
      if (words.abandoned.length >= EXCHANGE_LIMITS.reportsMax || (!jobs.has(jobId) && jobs.size >= EXCHANGE_LIMITS.jobsMax)) continue;
      jobs.add(jobId);
      words.abandoned.push({ jobId, grantId });
      const results: ResultReport[] = [];
      for (const { result, bytes } of [...sent, ...finished]) {
        if (bytes > left) continue;
        left -= bytes;
        results.push(result);
      }
      if (results.length > 0) words.reports.push({ jobId, grantId, results });
    }
    return words;
  }

  /** Queued and running shards per job. */
  countHeld(): HeldCounts[] {
    const counts = new Map<JobId, HeldCounts>();
    for (const { view, nextNo, running } of this.#held.values()) {
      const count = counts.get(view.jobId) ?? { jobId: view.jobId, queued: 0, running: 0 };
      counts.set(view.jobId, { jobId: view.jobId, queued: count.queued + view.toNo - nextNo, running: count.running + running.size });
    }
    return [...counts.values()];
  }

  /** When the oldest finished result was finished, or null when none waits. */
  oldestFinishedAtMs(): number | null {
    const times = [...this.#held.values()].flatMap((held) => held.finished[0]?.atMs ?? []);
    return times.length > 0 ? Math.min(...times) : null;
  }

  holdsJob(jobId: JobId): boolean {
    return [...this.#held.values()].some((held) => held.view.jobId === jobId);
  }

  grantsOf(jobId: JobId): GrantId[] {
    return [...this.#held.values()].filter((held) => held.view.jobId === jobId).map((held) => held.view.grantId);
  }

  get isEmpty(): boolean {
    return this.#held.size === 0;
  }

  get hasHandBacks(): boolean {
    return [...this.#held.values()].some((held) => held.isHandedBack);
  }

  #settleReport(report: Draft["reports"][number], ack: ExchangeOutput["acks"][number] | undefined, settled: Settled): void {
    const { jobId, grantId } = report;
    const isTaken = ack?.state === "taken";
    const problems = new Map(ack?.refused?.map(({ no, problem }) => [no, problem]));
    for (const { no } of report.results) {
      const problem = problems.get(no) ?? null;
      settled.ended.push({ jobId, grantId, no, state: problem !== null ? "refused" : isTaken ? "taken" : "late", problem });
    }
    const held = this.#held.get(grantId);
    if (!held) return;
    held.sent = [];
    if (!isTaken) {
      for (const { result } of held.finished) settled.ended.push({ jobId, grantId, no: result.no, state: "late", problem: null });
      settled.dropped.push(...this.#end(held));
    }
    // A refused result cannot be repaired: what of the grant is not taken goes to somebody else.
    else if (problems.size > 0) settled.dropped.push(...this.handBack(grantId));
    else this.#endIfEmpty(held);
  }

  #byUrgency(): Held[] {
    const urgency = (held: Held) => (held.finished.length > 0 || held.isHandedBack ? 0 : 1);
    return [...this.#held.values()].sort((a, b) => urgency(a) - urgency(b) || a.namedAt - b.namedAt);
  }

  #clearRunning(held: Held): ShardRef[] {
    const refs = [...held.running].map((no) => ({ jobId: held.view.jobId, grantId: held.view.grantId, no }));
    held.running.clear();
    return refs;
  }

  #end(held: Held): ShardRef[] {
    this.#held.delete(held.view.grantId);
    return this.#clearRunning(held);
  }

  #stop(held: Held): ShardRef[] {
    held.nextNo = held.view.toNo;
    const refs = this.#clearRunning(held);
    this.#endIfEmpty(held);
    return refs;
  }

  #endIfEmpty(held: Held): void {
    const isEmpty = held.nextNo >= held.view.toNo && held.running.size === 0 && held.finished.length === 0 && held.sent.length === 0;
    if (isEmpty && !held.isHandedBack) this.#held.delete(held.view.grantId);
  }

  #forget(grantId: GrantId): void {
    const held = this.#held.get(grantId);
    if (held && held.finished.length === 0) this.#held.delete(grantId);
  }
}

function sizeOf(result: ResultReport): number {
  return encoder.encode(JSON.stringify(result)).length;
}

/** Puts one grant into the draft as far as there is room; whether anything was said of it. */
function name(held: Held, draft: Draft, room: { results: number; bytes: number }): boolean {
  const ref: GrantRef = { jobId: held.view.jobId, grantId: held.view.grantId };
  held.sent = [];
  while (draft.reports.length < EXCHANGE_LIMITS.reportsMax) {
    const [next] = held.finished;
    if (!next || room.results === 0 || next.bytes > room.bytes) break;
    held.sent.push(next);
    held.finished.shift();
    room.results--;
    room.bytes -= next.bytes;
  }
  const results = held.sent.map(({ result }) => result);
  if (results.length > 0) draft.reports.push({ ...ref, results });
  const isStillHeld = held.nextNo < held.view.toNo || held.running.size > 0 || held.finished.length > 0;
  if (held.isHandedBack && held.finished.length === 0) {
    if (draft.abandoned.length >= EXCHANGE_LIMITS.grantsMax) return results.length > 0;
    draft.abandoned.push(ref);
    return true;
  }
  if (!isStillHeld) return results.length > 0;
  if (draft.running.length >= EXCHANGE_LIMITS.grantsMax) return results.length > 0;
  draft.running.push(ref);
  return true;
}
