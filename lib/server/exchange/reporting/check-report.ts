import "server-only";
import { hash } from "node:crypto";
import type { GrantId, JobId } from "#lib/domain/ids.ts";
import { INLINE_OUTPUT_BYTES_MAX, type JobState, type RunLimits, type Verification } from "#lib/domain/job/job.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { NewResult } from "./result-store.ts";

/** What an exchange must know of a job to judge reports about it. */
export type JobRules = {
  jobId: JobId;
  /** Whether verdicts and payments may still happen: the job is open, or final with grants out. */
  maySettle: boolean;
  limits: RunLimits;
  verification: Verification;
  priceMicro: Micro;
  feeBps: number;
  shardCount: number;
  state: JobState;
  /** The window that verdicts of the job lie in now; null where they are final at once. */
  windowNo: number | null;
};

type Base = Pick<NewResult, "no" | "round" | "grantId" | "voterId" | "durationMs" | "stderr" | "adapter">;
type GrantOfReport = { id: GrantId; voterId: string; fromNo: number; toNo: number; round: number };
type Checked = { ok: true; result: NewResult } | { ok: false; problem: string };

const refuse = (problem: string): Checked => ({ ok: false, problem });
const sha256 = (bytes: Uint8Array | string): string => hash("sha256", bytes);

/**
 * Trusts nothing of a reported result: its number lies in the grant, its output has the digest and length it claims and keeps to the job's limit.
 * Failures get the digest of their name, so that equal failures agree whatever the device wrote beside them.
 */
export function checkReport(report: ResultReport, grant: GrantOfReport, rules: JobRules): Checked {
  if (report.no < grant.fromNo || report.no >= grant.toNo) return refuse("this shard is not in the grant");
  const base: Base = {
    no: report.no,
    round: grant.round,
    grantId: grant.id,
    voterId: grant.voterId,
    durationMs: report.durationMs,
    adapter: report.adapter ?? null,
    // PostgreSQL's text cannot hold NUL.
    stderr: report.stderr ? report.stderr.replaceAll("\0", "\uFFFD") : null,
  };
  if (report.outcome === "ok") return checkOutput(report, base, rules);
  return report.outcome === "exit_code"
    ? checkExit(report, base)
    : failure(base, { outcome: report.outcome, trap: report.outcome === "trap" ? (report.trap ?? null) : null });
}

function failure(base: Base, end: { outcome: Outcome; name?: string; exitCode?: number; trap?: string | null }): Checked {
  const { outcome, name = outcome, exitCode = null, trap = null } = end;
  return { ok: true, result: { ...base, outcome, digest: sha256(name), output: null, outputBytes: 0, exitCode, trap } };
}

function checkExit(report: ResultReport, base: Base): Checked {
  const given = report.exitCode;
  if (given === undefined || given === 0) return refuse("exit_code needs an exit code other than 0");
  if (given < -(2 ** 31) || given > 2 ** 32 - 1) return refuse("the exit code is out of range");
  const exitCode = given | 0;
  return failure(base, { outcome: "exit_code", name: `exit_code ${exitCode}`, exitCode });
}

function checkOutput(report: ResultReport, base: Base, rules: JobRules): Checked {
  if (report.digest === undefined) return refuse("an output needs its digest");
  const ok = { ...base, outcome: "ok" as const, digest: report.digest, exitCode: null, trap: null };
  if (report.output === undefined) {
    const outputBytes = report.outputBytes ?? 0;
    if (outputBytes <= INLINE_OUTPUT_BYTES_MAX) return refuse(`outputs of up to ${INLINE_OUTPUT_BYTES_MAX} bytes come with the report`);
    if (outputBytes > rules.limits.outputBytesMax) return refuse("the output is larger than the job allows");
    return { ok: true, result: { ...ok, output: null, outputBytes } };
  }
  const output = Buffer.from(report.output, "base64");
  if (output.length === 0) return refuse("an empty output is reported as no_output");
  if (output.length > Math.min(INLINE_OUTPUT_BYTES_MAX, rules.limits.outputBytesMax)) return refuse("the output is larger than the job allows inline");
  if (sha256(output) !== report.digest) return refuse("the output does not have the digest it claims");
  return { ok: true, result: { ...ok, output: report.output, outputBytes: output.length } };
}
