import "server-only";
import type { JobId, Sha256 } from "#lib/domain/ids.ts";
import type { JobSpec } from "#lib/domain/job/job.ts";
import { decideAdmission } from "#lib/domain/policy/decide-admission.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../config/config.ts";
import type { Reader, Tx } from "../db/client.ts";
import { setJobState } from "../jobs/job-state-store.ts";
import type { AccountPrincipal } from "../principal.ts";
import { findRules, lockPolicy, wasAdmitted } from "./policy-store.ts";
import { insertReview } from "./review-store.ts";

export type Submitter = Pick<AccountPrincipal, "accountId" | "address">;

/** What is judged of a job: its program's digest, and for whom it is. */
type Judged = Pick<JobSpec, "program" | "visibility">;

/** Whether a job of this program and account runs at once or waits for an operator. Throws `program_denied` or `account_denied` with the operator's reason. */
export async function judgeJob(reader: Reader, config: Config, { accountId, address }: Submitter, { program, visibility }: Judged): Promise<"run" | "wait"> {
  const rules = await findRules(reader, subjectsOf({ accountId, address }, program.artifact.sha256));
  const isFirstReviewed = config.programReview === "first-job";
  const admission = decideAdmission(config.programReview, rules, {
    wasAdmitted: isFirstReviewed && (await wasAdmitted(reader, accountId)),
    isPublic: visibility?.kind !== "pool",
  });
  if (admission.kind === "denied") throw new ApiError(admission.what === "program" ? "program_denied" : "account_denied", { reason: admission.reason });
  return admission.kind;
}

/** Judges before the job is stored, alone with the rules. The end of the same transaction calls `holdForReview()` for one that waits. */
export async function admitJob(tx: Tx, config: Config, submitter: Submitter, job: Judged): Promise<"run" | "wait"> {
  await lockPolicy(tx, "shared");
  return await judgeJob(tx, config, submitter, job);
}

/** All that rules about a program and an account may name. */
export function subjectsOf({ accountId, address }: Submitter, program: Sha256): string[] {
  return [program, accountId, ...(address === null ? [] : [address.toLowerCase()])];
}

/** Keeps a job that was just created from running until an operator has decided. */
export async function holdForReview(tx: Tx, jobId: JobId, at: Date): Promise<void> {
  await insertReview(tx, jobId, at);
  await setJobState(tx, jobId, { state: "paused", from: ["running"], reason: { code: "job_in_review", params: {} } });
}
