import "server-only";
import type { JobSpec } from "#lib/domain/job/job.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import { findStoredMinerSigns } from "../inspection/inspect-stored.ts";
import { type Submitter, subjectsOf } from "./admit-job.ts";
import { findRules } from "./policy-store.ts";

/** Throws `program_mines` with what gave it away where a program looks like a miner, unless an operator allowed its digest or the account. */
export async function refuseMiner({ db, blobs, log }: Services, submitter: Submitter, { program }: Pick<JobSpec, "program">): Promise<void> {
  const [sign, ...more] = await findStoredMinerSigns(blobs, program.artifact.sha256, program);
  if (sign === undefined) return;
  const rules = await findRules(db, subjectsOf(submitter, program.artifact.sha256));
  if (rules.some(({ verdict }) => verdict === "allow")) return;
  log.warn({ account: submitter.accountId, program: program.artifact.sha256, signs: [sign, ...more] }, "a program was refused as a miner");
  throw new ApiError("program_mines", { sign });
}
