import "server-only";
import type { DeviceId, GrantId, JobId } from "#lib/domain/ids.ts";
import type { AckState, ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { last } from "../../db/transaction.ts";
import type { DevicePrincipal } from "../../principal.ts";
import { recommit } from "../granting/cursor-store.ts";
import { type HeldGrant, markReported } from "../granting/grant-store.ts";
import { checkReport, type JobRules } from "./check-report.ts";
import { insertResults, listUploadedOutputs, type NewResult } from "./result-store.ts";

export type Report = { jobId: JobId; grantId: GrantId; results: readonly ResultReport[] };
export type Ack = { jobId: JobId; grantId: GrantId; state: AckState; refused?: { no: number; problem: string }[] };
export type Recorded = {
  acks: Ack[];
  /** Numbers to tally: all that were reported within grants of this device, new or repeated. */
  nos: number[];
  grantIds: GrantId[];
  /** New results that ended because of the machine: nobody is paid for them. */
  machineFailures: number;
};

/** Reports of one job as they are to be stored: what is acknowledged how, and which results are within the device's grants. */
export type SortedReports = {
  recorded: Recorded;
  fresh: NewResult[];
  /** How many of them come from grants that were given up for lost. */
  afterLoss: number;
  /** Grants all of whose shards are among them. */
  whole: GrantId[];
  clusterId: string;
  at: Date;
};

/** Sorts out what a device reported: `held` are the named grants that are its own. Other grants and reports past the hard cap change nothing and are acknowledged as such. */
export function sortReports(
  ctx: Context<DevicePrincipal>,
  rules: JobRules,
  from: { reports: readonly Report[]; clusterId: string; held: readonly HeldGrant[] },
): SortedReports {
  const at = ctx.clock.now();
  const grants = new Map(from.held.map((grant) => [grant.id, grant]));
  return { ...sortOut(from.reports, { grants, rules, at }), clusterId: from.clusterId, at };
}

/** Whether it is known before anything is stored which numbers will be: no large output has to be looked for, no cost taken back. */
export function isCertain({ fresh, afterLoss }: SortedReports): boolean {
  return fresh.length > 0 && afterLoss === 0 && fresh.every((result) => !isElsewhere(result));
}

/** The first transaction of an exchange, for one job: stores the results and marks their grants for the tally. */
export async function recordReports(
  tx: Tx,
  jobId: JobId,
  reports: SortedReports & { deviceId: DeviceId },
): Promise<Recorded | ReturnType<typeof last<Recorded>>> {
  const { deviceId, clusterId, afterLoss, fresh, at } = reports;
  // A body may run twice.
  const recorded = fresh.some(isElsewhere) ? structuredClone(reports.recorded) : reports.recorded;
  const kept = await withUploadedOutputs(tx, jobId, { fresh, recorded });
  if (kept.length === 0) return recorded;
  if (afterLoss > 0 && !(await recommit(tx, jobId, afterLoss))) return allLate(recorded);
  return last(async () => {
    const [machineFailures] = await Promise.all([
      insertResults(tx, jobId, { deviceId, clusterId, at, results: kept }),
      markReported(tx, jobId, { at, ids: recorded.grantIds, whole: reports.whole }),
    ]);
    return { ...recorded, machineFailures };
  });
}

/** Whether the output of a result was uploaded as an artifact. */
function isElsewhere({ outcome, output }: NewResult): boolean {
  return outcome === "ok" && output === null;
}

type SortedOut = Pick<SortedReports, "recorded" | "fresh" | "afterLoss" | "whole">;

function sortOut(reports: readonly Report[], by: { grants: ReadonlyMap<GrantId, HeldGrant>; rules: JobRules; at: Date }): SortedOut {
  const { rules, at } = by;
  const sorted: SortedOut = { recorded: { acks: [], nos: [], grantIds: [], machineFailures: 0 }, fresh: [], afterLoss: 0, whole: [] };
  for (const report of reports) {
    const grant = by.grants.get(report.grantId);
    const state = ackOf(grant, rules, at);
    const ack: Ack = { jobId: rules.jobId, grantId: report.grantId, state };
    sorted.recorded.acks.push(ack);
    if (!grant || state !== "taken") continue;
    const refused = collect(report, grant, { rules, fresh: sorted.fresh, nos: sorted.recorded.nos });
    if (refused.length > 0) ack.refused = refused;
    sorted.recorded.grantIds.push(grant.id);
    if (refused.length === 0 && isWhole(report, grant)) sorted.whole.push(grant.id);
    if (grant.state === "expired") sorted.afterLoss += report.results.length - refused.length;
  }
  return sorted;
}

/** Whether a report has a result that may be stored for every shard of its grant. */
function isWhole({ results }: Report, { fromNo, toNo }: HeldGrant): boolean {
  return (
    results.length >= toNo - fromNo &&
    new Set(results.map(({ no }) => no)).size === toNo - fromNo &&
    !results.some(({ output, outcome }) => outcome === "ok" && output === undefined)
  );
}

/** Keeps results whose large output really was uploaded for this job, with the size it really has; refuses the others. */
async function withUploadedOutputs(tx: Tx, jobId: JobId, report: { fresh: readonly NewResult[]; recorded: Recorded }): Promise<NewResult[]> {
  const { fresh, recorded } = report;
  const large = fresh.filter(isElsewhere);
  if (large.length === 0) return [...fresh];
  const sizes = await listUploadedOutputs(
    tx,
    jobId,
    large.map((r) => r.digest),
  );
  const kept: NewResult[] = [];
  for (const result of fresh) {
    const outputBytes = isElsewhere(result) ? sizes.get(result.digest) : result.outputBytes;
    if (outputBytes !== undefined) kept.push({ ...result, outputBytes });
    else {
      recorded.nos.splice(recorded.nos.indexOf(result.no), 1);
      const ack = recorded.acks.find((a) => a.grantId === result.grantId);
      if (ack) ack.refused = [...(ack.refused ?? []), { no: result.no, problem: "the output was not uploaded" }];
    }
  }
  return kept;
}

function ackOf(grant: HeldGrant | undefined, rules: JobRules, at: Date): AckState {
  if (!grant) return "unknown";
  return !rules.maySettle || grant.hardCapAt < at || grant.state === "stopped" || grant.state === "abandoned" ? "late" : "taken";
}

function collect(report: Report, grant: HeldGrant, into: { rules: JobRules; fresh: NewResult[]; nos: number[] }): { no: number; problem: string }[] {
  const refused: { no: number; problem: string }[] = [];
  for (const result of report.results) {
    const checked = checkReport(result, grant, into.rules);
    if (!checked.ok) refused.push({ no: result.no, problem: checked.problem });
    else {
      into.fresh.push(checked.result);
      into.nos.push(result.no);
    }
  }
  return refused;
}

function allLate(recorded: Recorded): Recorded {
  return {
    acks: recorded.acks.map((ack) => (ack.state === "taken" ? { ...ack, state: "late" } : ack)),
    nos: [],
    grantIds: [],

    machineFailures: 0,
  };
}
