import "server-only";
import { ERRAND_LIMITS, type ErrandRun } from "#lib/domain/errand/errand.ts";
import { TRIAL_LIMITS } from "#lib/domain/errand/trial.ts";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { refuseProgram } from "#lib/protocol/jobs/refuse-program.ts";
import type { createTrial as createTrialEndpoint } from "#lib/protocol/trials/trials.ts";
import { listOwned } from "../artifacts/artifact-store.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { newId } from "../ids.ts";
import { inspectStored } from "../inspection/inspect-stored.ts";
import { judgeJob } from "../policy/admit-job.ts";
import { refuseMiner } from "../policy/refuse-miner.ts";
import { requireAccount } from "../principal.ts";
import { getInstanceTrust } from "../trust/get-instance-trust.ts";
import { countTrials, insertTrial } from "./trial-store.ts";

type Endpoint = typeof createTrialEndpoint;

/**
 * Asks a trusted device to run a few shards of a job that is not submitted, for nobody's pay. Refused like the job itself would be (`artifact_missing`, `program_refused`, `program_denied`, `program_mines`; `job_in_review` where an
 * operator looks at such jobs first), and `trusted_device_missing` while there is none; an account has so many an hour (`rate_limited`).
 */
export async function createTrial(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const principal = requireAccount(ctx.principal, "jobs:write");
  const { accountId } = principal;
  if ((await getInstanceTrust(ctx)).trustedDevices === 0) throw new ApiError("trusted_device_missing", { what: "the dry run" });
  await checkBytes(ctx, accountId, input);
  const program = { runtime: "wasi" as const, artifact: input.program, args: input.shards[0]?.args ?? [] };
  // What nobody may run for pay yet, no machine of the operator's runs for nothing.
  if ((await judgeJob(ctx.db, ctx.config, principal, { program })) === "wait") throw new ApiError("job_in_review");
  await refuseMiner(ctx, principal, { program });
  const trialId = newId("tri");
  const at = ctx.clock.now();
  await transaction(ctx.db, async (tx) => {
    const asked = await countTrials(tx, accountId, new Date(at.getTime() - TRIAL_LIMITS.periodMs));
    if (asked + input.shards.length > TRIAL_LIMITS.shardsPerPeriodMax) throw new ApiError("rate_limited", { seconds: TRIAL_LIMITS.periodMs / 1000 });
    await insertTrial(tx, { id: trialId, accountId, at, runs: input.shards.map((shard) => ({ no: shard.no, run: composeTrial(input, shard) })) });
  });
  return { trialId };
}

async function checkBytes(ctx: Context, accountId: Parameters<typeof listOwned>[1], { program, files, limits }: InputOf<Endpoint>): Promise<void> {
  const named = [{ field: "program", sha256: program.sha256 }, ...files.map(({ artifact }, i) => ({ field: `files.${i}.artifact`, sha256: artifact.sha256 }))];
  const owned = await listOwned(
    ctx.db,
    accountId,
    named.map(({ sha256 }) => sha256),
  );
  for (const { field, sha256 } of named) if (!owned.has(sha256)) throw new ApiError("artifact_missing", { field });
  const filesBytes = files.reduce((sum, { artifact }) => sum + (owned.get(artifact.sha256) ?? 0), 0);
  if (filesBytes > JOB_LIMITS.filesBytesMax) throw new ApiError("too_large", { what: "All files together", limit: JOB_LIMITS.filesBytesMax });
  if ((owned.get(program.sha256) ?? 0) > JOB_LIMITS.programBytesMax)
    throw new ApiError("too_large", { what: "The program", limit: JOB_LIMITS.programBytesMax });
  refuseProgram((await inspectStored(ctx.blobs, program.sha256, limits.memoryBytesMax)).problems);
}

function composeTrial({ program, files, limits }: InputOf<Endpoint>, shard: InputOf<Endpoint>["shards"][number]): ErrandRun {
  return {
    program: program.sha256,
    args: shard.args,
    env: { SHOAL_SHARD: String(shard.no), SHOAL_SEED: shard.seed },
    seed: shard.seed,
    stdin: [{ base64: shard.stdin }],
    files: files.map(({ name, artifact }) => ({ name, pieces: [{ sha256: artifact.sha256, start: 0, end: Number.MAX_SAFE_INTEGER }] })),
    limits: {
      timeMsMax: Math.min(limits.timeMsMax, TRIAL_LIMITS.timeMsMax),
      memoryBytesMax: limits.memoryBytesMax,
      outputBytesMax: Math.min(limits.outputBytesMax, ERRAND_LIMITS.outputBytesMax),
    },
  };
}
