import { createHash } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";
import { INLINE_OUTPUT_BYTES_MAX } from "#lib/domain/job/job.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { type ExchangeInput, type ExchangeOutput, exchange, type GrantView, type ResultReport } from "#lib/protocol/exchange/exchange.ts";
import { PROTOCOL_VERSION } from "#lib/protocol/version.ts";
import { createBackOff } from "#workers/volunteer/back-off.ts";
import { createDeviceCalls, type DeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import { createDeviceKey, type DeviceKey } from "#workers/volunteer/exchange/device-key.ts";
import { answerOf } from "./chaos-job.ts";

/**
 * `honest` computes and now and then hands a grant back; `liar` reports outputs of its own making; `forger` computes, and reports for grants of others and for
 * grants that do not exist as well.
 */
export type DeviceRole = "honest" | "liar" | "forger";
type Manner = { role: DeviceRole; topics: readonly string[] | null; enrolmentCode?: string | undefined };

const SHARDS_WANTED = 12;
const ATTEMPT_MS_MAX = 10_000;
const POLL_MS_MAX = 1000;
const HAND_BACK_SHARE = 0.03;
const COMPUTE_MS_MAX = 120;
/** Grants that any device got, for forgers to report about. */
const SEEN_MAX = 200;
const seen: GrantView[] = [];

/**
 * A device inside the process of the run: it speaks the whole protocol (key, challenge, token, rising numbers, repetition of what was not answered, large
 * outputs uploaded before they are reported) and computes the answer of the run's own jobs without the program.
 */
export class LightDevice {
  readonly key: DeviceKey;
  readonly #baseUrl: string;
  readonly #random: Random;
  readonly #manner: Manner;
  /** What a device writes down before it sends, and finds again in its next life. */
  #seq = 0;
  #skewMs = 0;
  #life: { ended: AbortController; done: Promise<void> } | null = null;
  exchanges = 0;
  /** Errors that no device should meet, by code. */
  readonly complaints = new Map<string, number>();

  private constructor(baseUrl: string, key: DeviceKey, random: Random, manner: Manner) {
    this.#baseUrl = baseUrl;
    this.key = key;
    this.#random = random;
    this.#manner = manner;
  }

  static async create(baseUrl: string, random: Random, manner: Manner): Promise<LightDevice> {
    return new LightDevice(baseUrl, await createDeviceKey({ extractable: true }), random, manner);
  }

  get role(): DeviceRole {
    return this.#manner.role;
  }

  /** Sets the device's clock off by so much. */
  jumpClock(skewMs: number): void {
    this.#skewMs = skewMs;
  }

  start(): void {
    const ended = new AbortController();
    this.#life = { ended, done: this.#live(ended.signal) };
  }

  /** Ends it as kill -9 would: what it holds is forgotten and nobody is told. */
  async kill(): Promise<void> {
    this.#life?.ended.abort();
    await this.#life?.done;
    this.#life = null;
  }

  async #live(signal: AbortSignal): Promise<void> {
    const { enrolmentCode } = this.#manner;
    const calls = createDeviceCalls({ baseUrl: this.#baseUrl, key: this.key, kind: "headless", cores: 4, enrolmentCode });
    // As the engine does: a device whose memory is older than its clock goes on from the clock.
    this.#seq = Math.max(this.#seq, Date.now() + this.#skewMs - 1);
    let reports: ExchangeInput["reports"] = [];
    let abandoned: ExchangeInput["abandoned"] = [];
    while (!signal.aborted) {
      const answer = await this.#exchange(calls, { reports, abandoned, signal });
      if (!answer) return;
      const held = this.#sortOut(answer.grants);
      abandoned = held.abandoned;
      reports = await this.#computeAll(calls, held.kept, signal);
      if (answer.grants.length === 0) await sleep(Math.min(POLL_MS_MAX, answer.retryAfterMs), undefined, { signal }).catch(() => undefined);
    }
  }

  #sortOut(grants: readonly GrantView[]): { kept: GrantView[]; abandoned: ExchangeInput["abandoned"] } {
    seen.push(...grants);
    if (seen.length > SEEN_MAX) seen.splice(0, seen.length - SEEN_MAX);
    const back = grants.filter(() => this.#random.next() < HAND_BACK_SHARE);
    return { kept: grants.filter((grant) => !back.includes(grant)), abandoned: back.map(({ jobId, grantId }) => ({ jobId, grantId })) };
  }

  /** One exchange, repeated under its number until it is answered; null when the device dies first. */
  async #exchange(calls: DeviceCalls, say: Pick<ExchangeInput, "reports" | "abandoned"> & { signal: AbortSignal }): Promise<ExchangeOutput | null> {
    const { signal, reports, abandoned } = say;
    const forged = this.#manner.role === "forger" ? this.#forge() : [];
    const served = this.#manner.topics ? { serves: { jobs: [], topics: [...this.#manner.topics] } } : {};
    const want = { shardsMax: SHARDS_WANTED, timeMs: 60_000 };
    this.#seq += 1;
    const rest = { running: [], cores: 4, measured: [], knownJobs: [], ...served };
    const input = exchange.input.safeParse({ version: PROTOCOL_VERSION, seq: this.#seq, reports: [...reports, ...forged], abandoned, want, ...rest });
    // Together they name more jobs than an exchange may: what is forged can wait.
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

  async #computeAll(calls: DeviceCalls, grants: readonly GrantView[], signal: AbortSignal): Promise<ExchangeInput["reports"]> {
    const reports: ExchangeInput["reports"] = [];
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
    return this.#manner.role === "liar" ? Buffer.from(`${honest.toString("latin1").toLowerCase()}${this.#random.next()}`) : honest;
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

  /** Reports for a grant of somebody else, and for one that nobody ever got. */
  #forge(): ExchangeInput["reports"] {
    const stolen = seen[this.#random.below(Math.max(1, seen.length))];
    if (!stolen) return [];
    const output = Buffer.from("forged");
    const result = { outcome: "ok" as const, digest: createHash("sha256").update(output).digest("hex"), output: output.toString("base64"), durationMs: 1 };
    const invented = `grt_${createHash("sha256").update(String(this.#random.next())).digest("hex").slice(0, 32)}` as const;
    return [stolen.grantId, invented].map((grantId) => ({ jobId: stolen.jobId, grantId, results: [{ ...result, no: stolen.fromNo }] }));
  }
}

function timed(signal: AbortSignal): AbortSignal {
  return AbortSignal.any([signal, AbortSignal.timeout(ATTEMPT_MS_MAX)]);
}
