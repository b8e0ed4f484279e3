import "server-only";
import type { AccountId, JobId, KeyId, Sha256 } from "#lib/domain/ids.ts";
import type { JobSpec } from "#lib/domain/job/job.ts";
import { releasedShards } from "#lib/domain/job/milestones.ts";
import { replicaCost, worstCost } from "#lib/domain/ledger/money.ts";
import { findOutputProblem } from "#lib/domain/reduce/find-output-problem.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { createJob as createJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { chargeKey } from "../accounts/keys/charge-key.ts";
import { insertJobArtifacts } from "../artifacts/artifact-store.ts";
import { BytesVanishedError, recordArtifacts } from "../artifacts/record-artifact.ts";
import { onChain } from "../chain/choose-chain.ts";
import { type AgreedText, checkVersions } from "../consent/check-versions.ts";
import { insertConsents } from "../consent/consent-store.ts";
import type { Context, Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { type Claim, doOnce } from "../idempotency/do-once.ts";
import { newId } from "../ids.ts";
import { fundJob } from "../ledger/fund-job.ts";
import { admitJob, holdForReview, judgeJob } from "../policy/admit-job.ts";
import { refuseMiner } from "../policy/refuse-miner.ts";
import { type AccountPrincipal, requireAccount } from "../principal.ts";
import { refuseJob } from "../quotas/check-quotas.ts";
import { insertReduction } from "../reduction/reduction-store.ts";
import { getJobView } from "./get-job.ts";
import { insertCursor, insertJob } from "./job-store.ts";
import { artifactUses, checkArtifacts, ownPrograms } from "./submit/check-artifacts.ts";
import { checkArguments, checkProgram } from "./submit/check-program.ts";
import { checkReducer } from "./submit/check-reducer.ts";
import { checkVisibility } from "./submit/check-visibility.ts";
import { chooseVerification } from "./submit/choose-verification.ts";
import { cutJob } from "./submit/cut-job.ts";

type Endpoint = typeof createJobEndpoint;
const ATTEMPTS_MAX = 4;

/**
 * Submits a job: its artifacts must be the account's own, its program runnable, its input cuttable, its worst cost within the account's balance.
 * The chain that it names pays it, or the first. One transaction creates, funds and starts it (or lets it wait for an operator, where the instance reviews such jobs), and notes to which version of the terms its owner agreed, if they name one; a refusal leaves nothing behind.
 * A repeat with the same Idempotency-Key is answered with the job that the first request made.
 */
export async function createJob(given: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx = onChain(given, input.price.chainId);
  const principal = requireAccount(ctx.principal, "jobs:write");
  const jobId = await doOnce(ctx, principal.accountId, (claim) => submitJob(ctx, principal, { ...input, claim }));
  return await getJobView(ctx, principal.accountId, jobId);
}

async function submitJob(ctx: Context, principal: AccountPrincipal, { terms, claim, ...submission }: InputOf<Endpoint> & { claim: Claim }): Promise<JobId> {
  const { accountId, key } = principal;
  const texts = await checkVersions(ctx, { terms });
  const spec: JobSpec = { ...submission, verification: await chooseVerification(ctx, submission) };
  await checkReducer(ctx, submission);
  await checkVisibility(ctx.db, accountId, spec.visibility);
  await checkArtifacts(ctx.db, accountId, { spec, at: ctx.clock.now() });
  const problem = findOutputProblem(spec);
  if (problem) throw new ApiError("bad_request", problem);
  checkArguments(spec);
  // Once more in the transaction; here so that nothing is cut for who is refused.
  for (const judged of [spec, ...ownPrograms(spec).map(({ program }) => ({ ...spec, program: { ...spec.program, artifact: program.artifact } }))])
    await judgeJob(ctx.db, ctx.config, principal, judged);
  await checkProgram(ctx.blobs, spec);
  await refuseMiner(ctx, principal, spec);
  const jobId = newId("job");
  await sliceAndSave(ctx, { jobId, accountId, address: principal.address, keyId: key?.id ?? null, spec, texts, claim });
  return jobId;
}

type Submission = {
  jobId: JobId;
  accountId: AccountId;
  address: string | null;
  /** The API key that submits, whose limits it counts against. */
  keyId: KeyId | null;
  spec: JobSpec;
  texts: readonly AgreedText[];
  claim: Claim;
};

/** Cuts the input and saves the job with its index; once more if the same index was removed meanwhile, after the refusal of an equal job elsewhere. */
async function sliceAndSave(ctx: Services, submission: Submission): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { shardCount, index, unpacked } = await cutJob(ctx.blobs, submission.spec);
    const save = (tx: Tx) => saveJob(tx, ctx, { ...submission, shardCount, indexSha256: index?.sha256 ?? null, cutSha256: unpacked?.sha256 ?? null });
    try {
      const made = [index, unpacked].filter((artifact) => artifact !== null);
      return made.length > 0 ? await recordArtifacts(ctx, made, save) : await transaction(ctx.db, save);
    } catch (error) {
      if (!(error instanceof BytesVanishedError) || attempt === ATTEMPTS_MAX) throw error;
    }
  }
}

async function saveJob(
  tx: Tx,
  services: Services,
  job: Submission & { shardCount: number; indexSha256: Sha256 | null; cutSha256: Sha256 | null },
): Promise<void> {
  const { jobId, accountId, spec, texts, shardCount, indexSha256, cutSha256 } = job;
  const { quorum, replicasMax } = spec.verification;
  const { feeBps, purse } = services.config;
  const priceMicro = BigInt(spec.price.replicaMicro);
  const budgetMicro = worstCost({ shardCount, replicasMax, priceMicro, feeBps });
  const now = services.clock.now();
  await job.claim(tx, jobId);
  const admission = await admitJob(tx, services.config, job, spec);
  // Before what follows, because it refuses what the other columns could not even hold.
  await fundJob(tx, { jobId, accountId, purse, amountMicro: budgetMicro });
  await refuseJob(tx, services, accountId);
  if (job.keyId) await chargeKey(tx, { keyId: job.keyId, jobId, amountMicro: budgetMicro, at: now });
  await insertConsents(tx, { who: accountId, texts, at: now });
  await insertJob(tx, { id: jobId, accountId, spec, shardCount, indexSha256, cutSha256, priceMicro, feeBps, purse, createdAt: now });
  await insertJobArtifacts(tx, jobId, [
    ...artifactUses(spec),
    ...(indexSha256 ? [{ sha256: indexSha256, part: "index" as const }] : []),
    ...(cutSha256 ? [{ sha256: cutSha256, part: "input" as const }] : []),
  ]);
  await insertCursor(tx, {
    jobId,
    shardCount: releasedShards(spec.milestones, { shardCount, finalCount: 0 }),
    passes: quorum,
    budgetMicro,
    costMicro: replicaCost(priceMicro, feeBps),
    at: now,
  });
  if (spec.reducer.kind === "wasi") await insertReduction(tx, jobId, now);
  if (admission === "wait") await holdForReview(tx, jobId, now);
}
