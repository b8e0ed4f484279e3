import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";
import { INLINE_OUTPUT_BYTES_MAX } from "#lib/domain/job/job.ts";
import { getDeviceLink } from "#lib/protocol/devices/devices-of-account.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { type ExchangeInput, type ExchangeOutput, exchange, type GrantView, type ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";
import { createBackOff } from "#workers/volunteer/back-off.ts";
import { createDeviceCalls, type DeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { createDeviceKey, type DeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { answerOf } from "./shouting.ts";

type Reports = ExchangeInput["reports"];

/** What a device does beside keeping to the protocol. */
export type Habit = {
  /** Its output for a shard whose right one is `honest`, in its `nth` result, counted from 0. */
  say(shard: { no: number; nth: number; honest: Buffer }): Buffer;
  /** What it reports beside its own results: `sent` is what it reported the last time, `seen` are grants that some device of this process got. */
  forge?(known: { sent: Reports; seen: readonly GrantView[] }): Reports;
  /** It leaves after so many results. */
  resultsMax?: number;
};
type Manner = { habit: Habit; topics: readonly string[] | null; enrolmentCode?: string | undefined };

type Said = Pick<ExchangeInput, "reports" | "abandoned"> & { signal: AbortSignal /** It wants nothing more. */; isLeaving: boolean };

/** Computes what it is asked and says what came out. */
export const HONEST: Habit = { say: ({ honest }) => honest };

const SHARDS_WANTED = 12;
const ATTEMPT_MS_MAX = 10_000;
const POLL_MS_MAX = 1000;
const HAND_BACK_SHARE = 0.03;
const COMPUTE_MS_MAX = 120;
/** Grants that any device got, for those that report about others' grants. */
const SEEN_MAX = 200;
const seen: GrantView[] = [];

/**
 * A device inside this process: it speaks the whole protocol (key, challenge, token, rising numbers, repetition of what was not answered, large
 * outputs uploaded before they are reported, now and then a grant handed back) and computes the answers of jobs with the shouting program without it.
 */
export class LightDevice {
  readonly key: DeviceKey;
  readonly #baseUrl: string;
  readonly #random: Random;
  readonly #manner: Manner;
  #topics: readonly string[] | null;
  /** What a device writes down before it sends, and finds again in its next life. */
  #seq = 0;
  #sent: Reports = [];
  #skewMs = 0;
  #life: { ended: AbortController; done: Promise<void> } | null = null;
  #calls: DeviceCalls | null = null;
  exchanges = 0;
  /** Results it gave: as they are, of its own making, and those that it reported although they were not its to report. */
  readonly given = { right: 0, wrong: 0, beside: 0 };
  /** Whether the instance told it that nothing it reports counts any more. */
  isShunned = false;
  /** Errors that no device should meet, by code. */
  readonly complaints = new Map<string, number>();

  private constructor(baseUrl: string, key: DeviceKey, random: Random, manner: Manner) {
    this.#baseUrl = baseUrl;
    this.key = key;
    this.#random = random;
    this.#manner = manner;
    this.#topics = manner.topics;
  }

  static async create(baseUrl: string, random: Random, manner: Manner): Promise<LightDevice> {
    return new LightDevice(baseUrl, await createDeviceKey({ extractable: true }), random, manner);
  }

  /** From its next exchange on it computes for these topics alone. */
  serve(topics: readonly string[]): void {
    this.#topics = topics;
  }

  /** Sets the device's clock off by so much. */
  jumpClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  start(): void {
    const ended = new AbortController();
    this.#life = { ended, done: this.#live(ended.signal) };
  }

  /** Settles when it has left by itself or was killed. */
  get gone(): Promise<void> {
    return this.#life?.done ?? Promise.resolve();
  }

  /** What the instance says it was paid in all its life, in micro-units; what was taken back is not in it. */
  async readEarnedMicro(signal: AbortSignal): Promise<bigint> {
    const { earnedMicro } = await this.#connect().call(getDeviceLink, {}, { signal });
    return BigInt(earnedMicro);
  }

  /** Ends it as kill -9 would: what it holds is forgotten and nobody is told. */
  async kill(): Promise<void> {
    this.#life?.ended.abort();
    await this.#life?.done;
    this.#life = null;
  }

  async #live(signal: AbortSignal): Promise<void> {
    this.#calls = null;
    const calls = this.#connect();
    // As the engine does: a device whose memory is older than its clock goes on from the clock.
    this.#seq = Math.max(this.#seq, Date.now() + this.#skewMs - 1);
    let reports: Reports = [];
    let abandoned: ExchangeInput["abandoned"] = [];
    while (!signal.aborted) {
      const isLeaving = this.given.right + this.given.wrong >= (this.#manner.habit.resultsMax ?? Number.POSITIVE_INFINITY);
      const answer = await this.#exchange(calls, { reports, abandoned, signal, isLeaving });
      if (!answer || isLeaving) return;
      this.isShunned ||= answer.reason === "results_wrong";
      const held = this.#sortOut(answer.grants);
      abandoned = held.abandoned;
      reports = await this.#computeAll(calls, held.kept, signal);
      if (answer.grants.length === 0) await sleep(Math.min(POLL_MS_MAX, answer.retryAfterMs), undefined, { signal }).catch(() => undefined);
    }
  }

  #connect(): DeviceCalls {
    const { enrolmentCode } = this.#manner;
    this.#calls ??= createDeviceCalls({ baseUrl: this.#baseUrl, key: this.key, kind: "headless", cores: 4, enrolmentCode });
    return this.#calls;
  }

  #sortOut(grants: readonly GrantView[]): { kept: GrantView[]; abandoned: ExchangeInput["abandoned"] } {
    seen.push(...grants);
    if (seen.length > SEEN_MAX) seen.splice(0, seen.length - SEEN_MAX);
    const back = grants.filter(() => this.#random.next() < HAND_BACK_SHARE);
    return { kept: grants.filter((grant) => !back.includes(grant)), abandoned: back.map(({ jobId, grantId }) => ({ jobId, grantId })) };
  }

  /** One exchange, repeated under its number until it is answered; null when the device dies first. */
  async #exchange(calls: DeviceCalls, say: Said): Promise<ExchangeOutput | null> {
    const { signal, reports, abandoned } = say;
    const beside = this.#manner.habit.forge?.({ sent: this.#sent, seen }) ?? [];
    this.#sent = reports;
    const served = this.#topics ? { serves: { jobs: [], topics: [...this.#topics] } } : {};
    const want = { shardsMax: say.isLeaving ? 0 : SHARDS_WANTED, timeMs: 60_000 };
    this.#seq += 1;
    const rest = { running: [], cores: 4, measured: [], knownJobs: [], ...served };
    const input = exchange.input.safeParse({ version: PROTOCOL_VERSION, seq: this.#seq, reports: [...reports, ...beside], abandoned, want, ...rest });
    if (input.success) this.given.beside += beside.reduce((count, report) => count + report.results.length, 0);
    // Together they name more jobs than an exchange may: what is not its own can wait.
    const body = input.success ? input.data : exchange.input.parse({ version: PROTOCOL_VERSION, seq: this.#seq, reports, abandoned, want, ...rest });
    const backOff = createBackOff({ baseMs: 100, capMs: 2000, random: () => this.#random.next() });
    while (!signal.aborted) {
      try {
        const answer = await calls.call(exchange, body, { signal: AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS_MAX)]) });
        this.exchanges += 1;
        return answer;
      } catch (error) {
        this.#note(error);
        await sleep(backOff.nextMs(), undefined, { signal }).catch(() => undefined);
      }
    }
    return null;
  }

  /** An instance in trouble says `internal` or `unavailable`; anything else it says to a device that keeps to the protocol is a fault. */
  #note(error: unknown): void {
    if (!(error instanceof ApiError) || error.remedy === "later" || error.code === "unauthenticated" || error.code === "challenge_unknown") return;
    this.complaints.set(error.code, (this.complaints.get(error.code) ?? 0) + 1);
  }

  async #computeAll(calls: DeviceCalls, grants: readonly GrantView[], signal: AbortSignal): Promise<Reports> {
    const reports: Reports = [];
    for (const grant of grants) {
      await sleep(this.#random.next() * COMPUTE_MS_MAX, undefined, { signal }).catch(() => undefined);
      const results = await this.#compute(calls, grant, signal);
      if (results && results.length > 0) reports.push({ jobId: grant.jobId, grantId: grant.grantId, results });
    }
    return reports;
  }

  /** The results of a grant; null when its bytes cannot be had or stored now, and then its lease runs out. */
  async #compute(calls: DeviceCalls, grant: GrantView, signal: AbortSignal): Promise<ResultReport[] | null> {
    const results: ResultReport[] = [];
    try {
      const { input } = grant;
      const [from = 0, to = 0] = input ? [input.offsets[0], input.offsets.at(-1)] : [];
      const bytes = input ? await this.#fetchRange(input.url, { from, to, signal }) : new Uint8Array();
      for (let no = grant.fromNo; no < grant.toNo; no++) {
        const at = no - grant.fromNo;
        const part = bytes.subarray((input?.offsets[at] ?? 0) - from, (input?.offsets[at + 1] ?? 0) - from);
        results.push(await this.#report(calls, grant, { no, output: this.#say(no, part), signal }));
      }
      return results;
    } catch {
      return null;
    }
  }

  #say(no: number, input: Uint8Array): Buffer {
    const honest = answerOf(no, input);
    const { right, wrong } = this.given;
    const said = this.#manner.habit.say({ no, nth: right + wrong, honest });
    if (said.equals(honest)) this.given.right += 1;
    else this.given.wrong += 1;
    return said;
  }

  async #report(calls: DeviceCalls, grant: GrantView, shard: { no: number; output: Buffer; signal: AbortSignal }): Promise<ResultReport> {
    const { no, output, signal } = shard;
    const digest = createHash("sha256").update(output).digest("hex");
    const durationMs = 1 + Math.floor(this.#random.next() * 20);
    if (output.length <= INLINE_OUTPUT_BYTES_MAX) return { no, outcome: "ok", digest, output: output.toString("base64"), durationMs };
    const path = grant.outputUrl.replace("{sha256}", digest);
    const headers = { authorization: `Bearer ${calls.session()?.token ?? ""}`, "content-type": "application/octet-stream" };
    for (let attempt = 0; ; attempt++) {
      const stored = await fetch(`${this.#baseUrl}${path}`, { method: "PUT", headers, body: new Uint8Array(output), signal: timed(signal) }).catch(() => null);
      await stored?.body?.cancel();
      if (stored?.ok) return { no, outcome: "ok", digest, outputBytes: output.length, durationMs };
      if (attempt >= 4 || signal.aborted) throw new Error("The output cannot be stored.");
      await sleep(200 * 2 ** attempt, undefined, { signal });
    }
  }

  async #fetchRange(url: string, range: { from: number; to: number; signal: AbortSignal }): Promise<Uint8Array> {
    const headers = { range: `bytes=${range.from}-${range.to - 1}` };
    for (let attempt = 0; ; attempt++) {
      const response = await fetch(new URL(url, this.#baseUrl), { headers, signal: timed(range.signal) }).catch(() => null);
      const bytes = response?.status === 206 ? await response.bytes().catch(() => null) : null;
      if (bytes?.length === range.to - range.from) return bytes;
      if (attempt >= 4 || range.signal.aborted) throw new Error("The input cannot be read.");
      await sleep(200 * 2 ** attempt, undefined, { signal: range.signal });
    }
  }
}

function timed(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS_MAX)]);
}
