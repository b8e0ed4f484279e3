import { newIdempotencyKey } from "#lib/client/api/idempotency-key.ts";
import { sleep, withRetries } from "#lib/client/api/retry.ts";
import type { JobId } from "#lib/domain/ids.ts";
import { isOpen } from "#lib/domain/job/job.ts";
import type { MemberRole } from "#lib/domain/job/job-role.ts";
import { contribute, type JobFunders, listFunders, removeFunder, setFunder } from "#lib/protocol/jobs/funders.ts";
import { type FailureGroups, listFailures } from "#lib/protocol/jobs/insight.ts";
import { cancelJob, discardResults, getJob, getResults, type JobView, pauseJob, raiseBudget, rerunFailed, resumeJob } from "#lib/protocol/jobs/jobs.ts";
import { type JobMembers, listMembers, removeMember, setMember } from "#lib/protocol/jobs/members.ts";
import { publishJob, unpublishJob } from "#lib/protocol/jobs/publication.ts";
import type { Connection } from "./connection.ts";
import { JobEndedError } from "./errors.ts";
import { type FollowOptions, followOutputs, type ShardResult } from "./follow-outputs.ts";

const POLL_EVERY_MS = 1000;

export type WatchOptions = {
  signal?: AbortSignal | undefined;
  /** `computed`, unless given: every shard has a verdict. `final`: and none of them can be revoked any more. */
  until?: "computed" | "final" | undefined;
  /** Pause between two looks. */
  everyMs?: number;
};
export type Download = { body: ReadableStream<Uint8Array>; shards: { held: number; total: number } | null };
type Abortable = { signal?: AbortSignal | undefined };

/** A job of an instance, known by its id. Holding one costs nothing; a program that was interrupted takes it up again with `shoal.job(id)`. */
export class Job {
  readonly id: JobId;
  readonly #connection: Connection;

  constructor(connection: Connection, id: JobId) {
    this.#connection = connection;
    this.id = id;
  }

  /** Where the job stands. */
  async view({ signal }: Abortable = {}): Promise<JobView> {
    return await this.#connection.api.call(getJob, { jobId: this.id }, { signal });
  }

  /**
   * Where the job stands, again and again until every shard is decided, or with `until: "final"` until no verdict can change; the last view says how. A reducer of
   * your own is waited for as well. A lost connection is waited for, except at the first look.
   */
  async *watch({ signal, until = "computed", everyMs = POLL_EVERY_MS }: WatchOptions = {}): AsyncGenerator<JobView, void> {
    for (let view = await this.view({ signal }); ; view = await withRetries(() => this.view({ signal }), signal)) {
      yield view;
      if ((!isOpen(view.state) || view.state === until) && !isReducing(view)) return;
      await sleep(everyMs, signal);
    }
  }

  /** Waits for that moment: the job as it is then, or a JobEndedError if it was cancelled or stopped itself. Failed shards are no error here. */
  async wait(options: WatchOptions = {}): Promise<JobView> {
    let last: JobView | undefined;
    for await (const view of this.watch(options)) last = view;
    if (last?.state !== "computed" && last?.state !== "final") throw new JobEndedError(last as JobView);
    return last;
  }

  /**
   * What every shard came to, in the order of their numbers, each as soon as it and all before it have a verdict. Pages are fetched as results are
   * taken, so a slow reader slows nothing but itself. Throws a JobEndedError, after everything there is, if the job ends with shards undecided.
   */
  results(options: FollowOptions = {}): AsyncGenerator<ShardResult, void> {
    return followOutputs(this.#connection, this.id, options);
  }

  /** The result file as it stands, streamed: accepted outputs through the job's reducer, or with `as: "outputs"` joined as they are. `shards` says how many of how many it holds. */
  async download({ signal, only, as }: Abortable & { only?: "final" | undefined; as?: "outputs" | undefined } = {}): Promise<Download> {
    const { headers, body } = await this.#connection.api.open(getResults, { jobId: this.id, only, as }, { signal });
    const [held, total] = (headers.get("x-shoal-shards") ?? "").split("/").map(Number);
    return { body: body ?? new Blob([]).stream(), shards: held === undefined || total === undefined ? null : { held, total } };
  }

  /** Stops new grants; what runs may still report. */
  async pause({ signal }: Abortable = {}): Promise<JobView> {
    return await this.#connection.api.call(pauseJob, { jobId: this.id }, { signal });
  }

  async resume({ signal }: Abortable = {}): Promise<JobView> {
    return await this.#connection.api.call(resumeJob, { jobId: this.id }, { signal });
  }

  /** Ends the job for good; what was not spent comes back, accepted results stay. */
  async cancel({ signal }: Abortable = {}): Promise<JobView> {
    return await this.#connection.api.call(cancelJob, { jobId: this.id }, { signal });
  }

  /** Deletes the results of a closed job of yours for good: nobody gets them any more. Digests, verdicts, figures and books stay. Asked again it changes nothing. */
  async discardResults({ signal }: Abortable = {}): Promise<JobView> {
    return await withRetries(() => this.#connection.api.call(discardResults, { jobId: this.id }, { signal }), signal);
  }

  /** Computes the failed shards of an ended job again, with all of their replicas, whose worst cost is reserved anew. Accepted results stay. */
  async rerunFailed({ signal }: Abortable = {}): Promise<JobView> {
    const idempotencyKey = newIdempotencyKey();
    return await withRetries(() => this.#connection.api.call(rerunFailed, { jobId: this.id }, { signal, idempotencyKey }), signal);
  }

  /**
   * Reserves more money for this open job of yours: `reservedMicro` is its total in millionths, what was spent of it included, so asking twice pays once. A job that
   * waits for funds goes on. Refused below what is reserved, and beyond what you have.
   */
  async raiseBudget({ reservedMicro }: { reservedMicro: bigint }, { signal }: Abortable = {}): Promise<JobView> {
    return await this.#connection.api.call(raiseBudget, { jobId: this.id, reservedMicro: String(reservedMicro) }, { signal });
  }

  /** The failed shards, those that failed alike together, the largest group first: how they ended, their first numbers, and what the first of them wrote to stderr. */
  async failures({ signal }: Abortable = {}): Promise<FailureGroups> {
    return await this.#connection.api.call(listFailures, { jobId: this.id }, { signal });
  }

  /** Lets everybody read this job of yours and its result, from now on, also of shards that are still to be computed. Program and input stay private. */
  async publish({ signal }: Abortable = {}): Promise<{ publishedAt: string | null }> {
    return await this.#connection.api.call(publishJob, { jobId: this.id }, { signal });
  }

  /** Takes the public page back; what somebody has read they keep. */
  async unpublish({ signal }: Abortable = {}): Promise<{ publishedAt: string | null }> {
    return await this.#connection.api.call(unpublishJob, { jobId: this.id }, { signal });
  }

  /** Whom you let look at this job of yours or manage it, by wallet address, or by account id where there is no wallet. */
  async members({ signal }: Abortable = {}): Promise<JobMembers> {
    return await this.#connection.api.call(listMembers, { jobId: this.id }, { signal });
  }

  /** Lets somebody look at the job (`view`) or also pause, resume and cancel it (`manage`), or changes which of the two. */
  async setMember(member: { address: string; role: MemberRole }, { signal }: Abortable = {}): Promise<JobMembers> {
    return await this.#connection.api.call(setMember, { jobId: this.id, ...member }, { signal });
  }

  /** Takes that back; of somebody who was not let in it changes nothing. */
  async removeMember(address: string, { signal }: Abortable = {}): Promise<JobMembers> {
    return await this.#connection.api.call(removeMember, { jobId: this.id, address }, { signal });
  }

  /** Whose money is in the job, and who may put some in; the owner is the last of them. */
  async funders({ signal }: Abortable = {}): Promise<JobFunders> {
    return await this.#connection.api.call(listFunders, { jobId: this.id }, { signal });
  }

  /** Lets a wallet address put money into this job of yours, for a share of what it returns, in hundredths of a per cent. The share is fixed once it has. */
  async setFunder(funder: { address: string; shareBps: number }, { signal }: Abortable = {}): Promise<JobFunders> {
    return await this.#connection.api.call(setFunder, { jobId: this.id, ...funder }, { signal });
  }

  /** Takes that back, from an address that has put nothing in. */
  async removeFunder(address: string, { signal }: Abortable = {}): Promise<JobFunders> {
    return await this.#connection.api.call(removeFunder, { jobId: this.id, address }, { signal });
  }

  /** Puts money of yours into somebody's job: `putMicro` is your total, so asking twice puts it in once. Refused if your share is not the one that you name. */
  async contribute(wish: { putMicro: bigint; shareBps: number }, { signal }: Abortable = {}): Promise<JobFunders> {
    return await this.#connection.api.call(contribute, { jobId: this.id, putMicro: String(wish.putMicro), shareBps: wish.shareBps }, { signal });
  }
}

/** Whether a reducer of the owner's is still to take in shards of a job that has all its verdicts. */
function isReducing({ state, reduction }: JobView): boolean {
  return (state === "computed" || state === "final") && (reduction?.state === "going" || reduction?.state === "waits");
}
