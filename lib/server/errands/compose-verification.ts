import "server-only";
import { type ErrandRun, type Piece, VERIFIER_FILES, type VerifyPart } from "#lib/domain/errand/errand.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import type { Services } from "../context.ts";
import type { JobFacts } from "../exchange/job-snapshot.ts";
import { locateParts } from "./compose-shard.ts";
import { findInlineOutput } from "./errand-store.ts";

/** What a verifier prints is its log. */
const VERIFIER_OUTPUT_BYTES_MAX = 1024 * 1024;

/** The run of a job's verifier over one reported output: the output on stdin, and beside the job's files what the shard was given and what came of it. */
export async function composeVerification(services: Services, facts: JobFacts, part: VerifyPart): Promise<ErrandRun> {
  const { spec, jobId } = facts;
  const { verifier } = spec.verification;
  if (!verifier) throw new Error(`${jobId} has no verifier`);
  const { shardNo, round, digest } = part;
  const { input, ...parts } = await locateParts(services, facts, { no: shardNo, args: verifier.args });
  const inline = await findInlineOutput(services.db, { jobId, no: shardNo, round, digest });
  const output: Piece[] = [inline === null ? { sha256: digest, start: 0, end: (await services.blobs.size(digest)) ?? 0 } : { base64: inline }];
  return {
    ...parts,
    program: verifier.artifact.sha256,
    stdin: output,
    files: [...parts.files, { name: VERIFIER_FILES.input, pieces: input }, { name: VERIFIER_FILES.output, pieces: output }],
    limits: {
      timeMsMax: spec.limits.timeMsMax,
      memoryBytesMax: spec.limits.memoryBytesMax,
      outputBytesMax: Math.min(VERIFIER_OUTPUT_BYTES_MAX, JOB_LIMITS.outputBytesMax),
    },
  };
}
