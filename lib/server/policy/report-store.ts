import "server-only";
import { type AccountId, type DeviceId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import type { JobState } from "#lib/domain/job/job.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";

/** What a report counts once for. */
export type Reporter = AccountId | DeviceId | `net_${string}`;

/** So many reports of one job tell an operator enough; more are dropped, so that nobody can fill the table. */
const REPORTS_OF_JOB_MAX = 500;

/** Keeps the first report of each reporter and job. */
export async function insertReport(tx: Tx, report: { jobId: JobId; reporter: Reporter; text: string; at: Date }): Promise<void> {
  const jobId = uuidOf(report.jobId);
  await tx`
    insert into job_reports (job_id, reporter, text, reported_at) select ${jobId}::uuid, ${report.reporter}, ${report.text}, ${report.at}
    where (select count(*) from job_reports where job_id = ${jobId}) < ${REPORTS_OF_JOB_MAX} on conflict do nothing`;
}

/** What somebody reported, without whose jobs it was about. */
export async function listReportsOf(reader: Reader, reporter: AccountId): Promise<{ jobId: JobId; text: string; reportedAt: Date }[]> {
  const rows = await reader<{ job_id: string; text: string; reported_at: Date }[]>`
    select job_id, text, reported_at from job_reports where reporter = ${reporter} order by reported_at`;
  return rows.map((row) => ({ jobId: idOf("job", row.job_id), text: row.text, reportedAt: row.reported_at }));
}

/** Forgets what somebody reported. */
export async function deleteReportsOf(tx: Tx, reporter: AccountId): Promise<void> {
  await tx`delete from job_reports where reporter = ${reporter}`;
}

export type ReportRow = { jobId: JobId; name: string; state: JobState; owner: string; text: string; reportedAt: Date };

/** The newest reports first, with the job that each is about. */
export async function listNewestReports(reader: Reader, limit: number): Promise<ReportRow[]> {
  const rows = await reader<(Omit<ReportRow, "jobId"> & { id: string })[]>`
    select j.id, j.spec->>'name' as name, j.state, ${accountName(reader)} as owner, r.text, r.reported_at as "reportedAt"
    from job_reports r join jobs j on j.id = r.job_id join accounts a on a.id = j.account_id order by r.reported_at desc, r.job_id, r.reporter limit ${limit}`;
  return rows.map(({ id, ...row }) => ({ jobId: idOf("job", id), ...row }));
}
