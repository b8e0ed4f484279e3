import { setTimeout as sleep } from "node:timers/promises";
import type { Random } from "#bench/trust/random.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Job } from "#sdk/job.ts";
import { createShoal } from "#sdk/shoal.ts";
import { makeKey } from "../demo/make-key.ts";
import type { ChaosInstance } from "./chaos-instance.ts";
import { CHAOS_TOPICS, type ChaosJob, drawJob } from "./chaos-job.ts";

const SHARDS_MIN = 10;
const SHARDS_SPAN = 30;
const PAUSE_MS_MAX = 1500;
const ATTEMPTS_MAX = 40;
const AGAIN_MS = 500;
/** Of the jobs, how many are cancelled, and how many paused for a while. */
const CANCELLED_SHARE = 0.1;
const PAUSED_SHARE = 0.15;

export type Submitted = { id: JobId; job: ChaosJob; isCancelled: boolean };

/** Somebody who submits jobs, pauses and cancels some of them, and repeats whatever is not answered. */
export class ChaosOwner {
  readonly #shoal: ReturnType<typeof createShoal>;
  readonly #random: Random;
  readonly submitted: Submitted[] = [];
  /** What the owner was told that nobody should be told; empty at the end of a good run. */
  readonly complaints: string[] = [];

  private constructor(url: string, key: string, random: Random) {
    this.#shoal = createShoal({ url, key });
    this.#random = random;
  }

  static async create({ url, settings }: ChaosInstance, random: Random): Promise<ChaosOwner> {
    return new ChaosOwner(url, await makeKey(url, settings.owner, ["jobs:read", "jobs:write", "artifacts:write"]), random);
  }

  /** Submits one job after the other until told to stop, never more than `openMax` unfinished ones at once. */
  async submitUntil(isOver: () => boolean, openMax: number): Promise<void> {
    const acts: Promise<void>[] = [];
    for (let i = 0; !isOver(); i++) {
      if ((await this.#countOpen()) < openMax) {
        const submitted = await this.submit(CHAOS_TOPICS[i % CHAOS_TOPICS.length] ?? "quorum", SHARDS_MIN + this.#random.below(SHARDS_SPAN));
        if (submitted) acts.push(this.#actOn(submitted));
      }
      await sleep(this.#random.next() * PAUSE_MS_MAX);
    }
    await Promise.all(acts);
  }

  async submit(topic: ChaosJob["topic"], shardCount: number): Promise<Submitted | null> {
    const job = drawJob(topic, shardCount, this.#random);
    const found = await this.#insist(`submit ${topic}`, async () => await this.#shoal.run(job.request));
    if (!found) return null;
    const submitted = { id: found.id, job, isCancelled: false };
    this.submitted.push(submitted);
    return submitted;
  }

  /** The result file of a job, as anybody downloads it. */
  async download(id: JobId): Promise<Buffer | null> {
    return await this.#insist(`download ${id}`, async () => {
      const { body } = await this.#shoal.job(id).download();
      return Buffer.from(await new Response(body).bytes());
    });
  }

  async #actOn(submitted: Submitted): Promise<void> {
    const job = this.#shoal.job(submitted.id);
    const lot = this.#random.next();
    const waitMs = this.#random.next() * PAUSE_MS_MAX;
    await sleep(waitMs);
    if (lot < CANCELLED_SHARE) {
      await this.#insist(`cancel ${job.id}`, async () => await cancel(job));
      submitted.isCancelled = true;
    } else if (lot < CANCELLED_SHARE + PAUSED_SHARE) {
      await this.#insist(`pause ${job.id}`, async () => await allowEnded(job.pause()));
      await sleep(waitMs);
      await this.#insist(`resume ${job.id}`, async () => await allowEnded(job.resume()));
    }
  }

  async #countOpen(): Promise<number> {
    const count = await this.#insist("list", async () => {
      let open = 0;
      for await (const { state } of this.#shoal.jobs()) if (isOpen(state)) open += 1;
      return open;
    });
    return count ?? Number.POSITIVE_INFINITY;
  }

  /** Does it again for as long as the instance is in trouble; null, noted, when that does not end or it says something else. */
  async #insist<T>(what: string, act: () => Promise<T>): Promise<T | null> {
    let last = "";
    for (let attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
      try {
        return await act();
      } catch (error) {
        last = error instanceof Error ? error.message : String(error);
        if (error instanceof ApiError && error.remedy !== "later") break;
        await sleep(AGAIN_MS);
      }
    }
    this.complaints.push(`${what}: ${last}`);
    return null;
  }
}

async function cancel(job: Job): Promise<void> {
  await allowEnded(job.cancel());
}

/** A job that ended before, or is already as it was asked to be, is no trouble. */
async function allowEnded(act: Promise<unknown>): Promise<void> {
  try {
    await act;
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== "job_ended" && error.code !== "conflict")) throw error;
  }
}
