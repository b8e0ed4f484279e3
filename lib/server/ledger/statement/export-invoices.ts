import "server-only";
import type { AccountId, JobId } from "#lib/domain/ids.ts";
import type { exportInvoices as exportInvoicesEndpoint } from "#lib/protocol/budgets/budgets.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import type { Context, Services } from "../../context.ts";
import type { ByteAnswer } from "../../http/handle.ts";
import { requireAccount } from "../../principal.ts";
import { getJobMoney } from "../ledger-store.ts";
import { csvAmount, csvAnswer, csvLine } from "./csv.ts";
import { listInvoicedJobs } from "./statement-store.ts";

type Endpoint = typeof exportInvoicesEndpoint;
const PAGE_JOBS = 100;

/** One line for each of the account's jobs. reserved = devices + fee + returned + held. */
export async function exportInvoices(ctx: Context, range: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { accountId } = requireAccount(ctx.principal, "jobs:read");
  return csvAnswer("invoices.csv", linesOf(ctx, accountId, range));
}

async function* linesOf({ db, config }: Services, accountId: AccountId, range: InputOf<Endpoint>): AsyncGenerator<string> {
  const money = ["reserved", "paid to devices", "fee", "returned", "held"].map((name) => `${name} ${config.asset}`);
  yield csvLine(["submitted", "ended", "job", "name", "state", "accepted shards", ...money]);
  let after: JobId | null = null;
  for (;;) {
    const jobs = await listInvoicedJobs(db, accountId, { from: range.from, to: range.to, after, limit: PAGE_JOBS });
    for (const job of jobs) {
      const { reservedMicro, spentMicro, feeMicro, returnedMicro, heldMicro } = await getJobMoney(db, job.jobId);
      const amounts = [reservedMicro, spentMicro - feeMicro, feeMicro, returnedMicro, heldMicro].map(csvAmount);
      yield csvLine([job.createdAt.toISOString(), job.endedAt?.toISOString() ?? "", job.jobId, job.name, job.state, job.acceptedShards, ...amounts]);
    }
    after = jobs.at(-1)?.jobId ?? null;
    if (jobs.length < PAGE_JOBS) return;
  }
}
