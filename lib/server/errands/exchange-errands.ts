import "server-only";
import { createHash } from "node:crypto";
import { ERRAND_LIMITS, type ErrandEnd, type ErrandRun, isWorthRepeating, type Piece, readVerification } from "#lib/domain/errand/errand.ts";
import { idOf, type JobId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { ErrandReport, ErrandView, exchangeErrands as exchangeErrandsEndpoint } from "#lib/protocol/errands/errands.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context, Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { type DevicePrincipal, requireDevice } from "../principal.ts";
import { composeReduction } from "../reduction/compose-reduction.ts";
import { finishStep } from "../reduction/finish-step.ts";
import { planReduction } from "../reduction/plan-reductions.ts";
import { deriveSecret, signPermission } from "../secrets.ts";
import { getStanding } from "../trust/standing-store.ts";
import { composeVerification } from "./compose-verification.ts";
import { endErrand, lockTaken, reopenErrand, type TakenErrand, takeErrands } from "./errand-store.ts";
import { finishVerification } from "./finish-verification.ts";

type Endpoint = typeof exchangeErrandsEndpoint;

const RETRY_AFTER_MS = 1000;
/** Bytes in base64 that one answer carries, beside the errand that goes beyond them. */
const GIVEN_BYTES_MAX = 16 * 1024 * 1024;
/** Signed URLs outlive every errand they come with. */
const URL_LIFE_MS = 12 * 3_600_000;

/**
 * Takes what a trusted device reports of its errands and gives it more. Reports of errands that are not its own, or ended before, change nothing; a device that is not
 * trusted, or was suspended, is refused.
 */
export async function exchangeErrands(context: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const ctx: Context<DevicePrincipal> = { ...context, principal: requireDevice(context.principal) };
  const { deviceId } = ctx.principal;
  if (!(await getStanding(ctx.db, ctx.principal)).isTrusted) throw new ApiError("forbidden", { need: "a trusted device" });
  const snapshot = new JobSnapshot(ctx);
  for (const report of input.reports) await finish(ctx, snapshot, report);
  const stopped = await snapshot.isStopped();
  const errands: ErrandView[] = [];
  for (let [left, bytes] = [stopped ? 0 : input.want, 0]; left > 0 && bytes < GIVEN_BYTES_MAX; left--) {
    const [errand] = await transaction(ctx.db, async (tx) => await takeErrands(tx, { deviceId, limit: 1, together: input.want, now: ctx.clock.now() }));
    if (!errand) break;
    const run = await runOf(ctx, snapshot, errand);
    if (!run) continue;
    errands.push(present(ctx, errand, run));
    bytes += givenBytes(run);
  }
  return { errands, retryAfterMs: errands.length > 0 ? 0 : RETRY_AFTER_MS };
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
    const verification = errand.kind === "verify" ? readVerification(end) : null;
    if (errand.kind === "reduce" && errand.toNo !== null)
      await finishStep(tx, { jobId: idOf("job", errand.groupId), fromNo: errand.shardNo, toNo: errand.toNo }, { end, output, at: ctx.clock.now() });
    // A verifier's output is of no use, only what it says by its end; a reducer's is kept as its job's result.
    const kept = errand.kind === "trial" ? output : null;
    const outputSha256 = kept && createHash("sha256").update(kept).digest("hex");
    await endErrand(tx, errand.id, { end, accepted: verification === null ? null : verification === "accepted", output: kept, outputSha256 }, ctx.clock.now());
    return errand;
  });
  if (done?.kind === "verify") await finishVerification(ctx, snapshot, { jobId: idOf("job", done.groupId), shardNo: done.shardNo, end });
  if (done?.kind === "reduce") await goOn(ctx, snapshot, idOf("job", done.groupId));
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
