import "server-only";
import { createHash } from "node:crypto";
import { ERRAND_LIMITS, type ErrandEnd, type ErrandRun, isWorthRepeating, type Piece, readVerification } from "#lib/domain/errand/errand.ts";
import { type AccountId, idOf, type JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { ErrandReport, ErrandView, exchangeErrands as exchangeErrandsEndpoint } from "#lib/protocol/errands/errands.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context, Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { type DevicePrincipal, requireDevice } from "../principal.ts";
import { composeReduction } from "../reduction/compose-reduction.ts";
import { finishStep } from "../reduction/finish-step.ts";
import { planReduction } from "../reduction/plan-reductions.ts";
import { deriveSecret, signPermission } from "../secrets.ts";
import { getStanding } from "../trust/standing-store.ts";
import { composeShard } from "./compose-shard.ts";
import { composeVerification } from "./compose-verification.ts";
import { endErrand, lockTaken, reopenErrand, type TakenErrand, takeErrands } from "./errand-store.ts";
import { compareOwnCheck, drawConsequence } from "./finish-own-check.ts";
import { finishVerification } from "./finish-verification.ts";
import { findOwnerChecked, planChecks } from "./own-check-store.ts";

type Endpoint = typeof exchangeErrandsEndpoint;

const RETRY_AFTER_MS = 1000;
/** Bytes in base64 that one answer carries, beside the errand that goes beyond them. */
const GIVEN_BYTES_MAX = 16 * 1024 * 1024;
/** Signed URLs outlive every errand they come with. */
const URL_LIFE_MS = 12 * 3_600_000;

/** One of an owner that has checked everything comes again after so long. */
const RETRY_CHECKS_AFTER_MS = 5000;

/**
 * Takes what a trusted device reports of its errands and gives it more, or one that checks its owner's jobs of those checks. Reports of errands that are not its own, or ended before,
 * change nothing; any other device, or one that was suspended, is refused.
 */
export async function exchangeErrands(context: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx: Context<DevicePrincipal> = { ...context, principal: requireDevice(context.principal) };
  const { deviceId, checksFor = null } = ctx.principal;
  const isAllowed = checksFor === null ? (await getStanding(ctx.db, ctx.principal)).isTrusted : (await findOwnerChecked(ctx.db, deviceId)) === checksFor;
  if (!isAllowed) throw new ApiError("forbidden", { need: "a trusted device" });
  const snapshot = new JobSnapshot(ctx);
  for (const report of input.reports) await finish(ctx, snapshot, report);
  const stopped = await snapshot.isStopped();
  const errands: ErrandView[] = [];
  for (let [left, bytes] = [stopped ? 0 : input.want, 0]; left > 0 && bytes < GIVEN_BYTES_MAX; left--) {
    const errand = await takeOne(ctx, { checksFor, together: input.want });
    if (!errand) break;
    const run = await runOf(ctx, snapshot, errand);
    if (!run) continue;
    errands.push(present(ctx, errand, run));
    bytes += givenBytes(run);
  }
  return { errands, retryAfterMs: errands.length > 0 ? 0 : checksFor === null ? RETRY_AFTER_MS : RETRY_CHECKS_AFTER_MS };
}

/** The next errand for this device; for one that checks its owner's jobs, something not looked at yet is chosen where nothing waits. */
async function takeOne(ctx: Context<DevicePrincipal>, of: { checksFor: AccountId | null; together: number }): Promise<TakenErrand | null> {
  const now = ctx.clock.now();
  const { deviceId } = ctx.principal;
  const { checksFor } = of;
  return await transaction(ctx.db, async (tx) => {
    const take = async () => (await takeErrands(tx, { deviceId, limit: 1, now, ...of }))[0] ?? null;
    const waiting = await take();
    if (waiting !== null || checksFor === null || (await planChecks(tx, checksFor, { limit: of.together, at: now })) === 0) return waiting;
    return await take();
  });
}

function givenBytes({ stdin, files }: ErrandRun): number {
  return [stdin, ...files.map(({ pieces }) => pieces)].flat().reduce((sum, piece) => sum + ("base64" in piece ? piece.base64.length : 0), 0);
}

async function runOf(services: Services, snapshot: JobSnapshot, errand: TakenErrand): Promise<ErrandRun | null> {
  const { run, kind, groupId, shardNo, toNo, round, digest } = errand;
  if (run) return run;
  const jobId = idOf("job", groupId);
  const facts = (await snapshot.facts([jobId])).get(jobId);
  if (!facts) return null;
  if (kind === "check") return await composeShard(services, facts, shardNo);
  if (kind === "reduce" && toNo !== null) return await composeReduction(services, facts, { jobId, fromNo: shardNo, toNo });
  return kind === "verify" && digest !== null ? await composeVerification(services, facts, { jobId, shardNo, round, digest }) : null;
}

async function finish(ctx: Context<DevicePrincipal>, snapshot: JobSnapshot, report: ErrandReport): Promise<void> {
  const end: ErrandEnd = {
    outcome: report.outcome,
    exitCode: report.exitCode ?? null,
    trap: report.trap ?? null,
    // PostgreSQL's text cannot hold NUL.
    stderr: (report.stderr ?? "").replaceAll("\0", "\uFFFD"),
    durationMs: report.durationMs,
  };
  const output = report.outcome === "ok" && report.output !== undefined ? Buffer.from(report.output, "base64") : null;
  if (output && output.length > ERRAND_LIMITS.outputBytesMax) throw new ApiError("too_large", { what: "The output", limit: ERRAND_LIMITS.outputBytesMax });
  const done = await transaction(ctx.db, async (tx) => {
    const errand = await lockTaken(tx, report.errandId, ctx.principal.deviceId);
    if (!errand) return null;
    if (isWorthRepeating(end.outcome, errand.attempts)) {
      await reopenErrand(tx, errand.id);
      return null;
    }
    await (errand.kind === "check" ? finishCheck(ctx, tx, { snapshot, errand, end, output }) : finishRun(ctx, tx, { errand, end, output }));
    return errand;
  });
  if (done?.kind === "verify") await finishVerification(ctx, snapshot, { jobId: idOf("job", done.groupId), shardNo: done.shardNo, end });
  if (done?.kind === "reduce") await goOn(ctx, snapshot, idOf("job", done.groupId));
}

type Finished = { errand: TakenErrand; end: ErrandEnd; output: Uint8Array | null };

/** Notes how a run for the instance ended, with what is kept of it. */
async function finishRun(ctx: Context<DevicePrincipal>, tx: Tx, { errand, end, output }: Finished): Promise<void> {
  const verification = errand.kind === "verify" ? readVerification(end) : null;
  if (errand.kind === "reduce" && errand.toNo !== null)
    await finishStep(tx, { jobId: idOf("job", errand.groupId), fromNo: errand.shardNo, toNo: errand.toNo }, { end, output, at: ctx.clock.now() });
  // A verifier's output is of no use, only what it says by its end; a reducer's is kept as its job's result.
  const kept = errand.kind === "trial" ? output : null;
  const outputSha256 = kept && createHash("sha256").update(kept).digest("hex");
  await endErrand(tx, errand.id, { end, accepted: verification === null ? null : verification === "accepted", output: kept, outputSha256 }, ctx.clock.now());
}

/** Notes what a device of the job's owner came to, and draws the consequence. The output itself is not kept: it is the owner's, and decides nothing. */
async function finishCheck(ctx: Context<DevicePrincipal>, tx: Tx, of: Finished & { snapshot: JobSnapshot }): Promise<void> {
  const { snapshot, errand, end, output } = of;
  const jobId = idOf("job", errand.groupId);
  const facts = (await snapshot.facts([jobId])).get(jobId);
  const isEqual = facts ? await compareOwnCheck(ctx, facts, { errand, outcome: end.outcome, output }) : null;
  const at = ctx.clock.now();
  await endErrand(tx, errand.id, { end, accepted: isEqual, output: null, outputSha256: null }, at);
  if (facts) await drawConsequence(tx, facts, { errand, isEqual, at });
}

/** Asks for a reducer's next step at once; the sweeper would a moment later. */
async function goOn(ctx: Services, snapshot: JobSnapshot, jobId: JobId): Promise<void> {
  const facts = (await snapshot.facts([jobId])).get(jobId);
  if (facts) await planReduction(ctx, facts);
}

function present({ config, clock }: Services, { id }: TakenErrand, run: ErrandRun): ErrandView {
  const secret = deriveSecret(config.sessionSecret, "artifact-url");
  const expires = clock.now().getTime() + URL_LIFE_MS;
  const read = (sha256: string) => `/api/v1/artifacts/${sha256}?expires=${expires}&signature=${signPermission(secret, { scope: `read:${sha256}`, expires })}`;
  const piece = (part: Piece) => ("base64" in part ? part : { ...part, url: read(part.sha256) });
  const { program, stdin, files, ...rest } = run;
  return {
    errandId: id,
    ...rest,
    program: { sha256: program, url: read(program) },
    stdin: stdin.map(piece),
    files: files.map(({ name, pieces }) => ({ name, pieces: pieces.map(piece) })),
  };
}
