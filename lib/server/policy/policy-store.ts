import "server-only";
import { type AccountId, idOf, type JobId, uuidOf } from "#lib/domain/ids.ts";
import { OPEN_JOB_STATES } from "#lib/domain/job/job.ts";
import type { PolicyRule } from "#lib/domain/policy/decide-admission.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";

const POLICY_LOCK = 7_041;

/** Keeps rules as they are until the transaction ends: `shared` for who admits a job, `alone` for who changes a rule, so that no job slips in between. */
export async function lockPolicy(tx: Tx, mode: "shared" | "alone"): Promise<void> {
  if (mode === "shared") await tx`select pg_advisory_xact_lock_shared(${POLICY_LOCK})`;
  else await tx`select pg_advisory_xact_lock(${POLICY_LOCK})`;
}

/** The rules about a program and an account, by all that they are called: digest, account's id, wallet's address in lower case. */
export async function findRules(reader: Reader, subjects: readonly string[]): Promise<PolicyRule[]> {
  return await reader<PolicyRule[]>`select kind, verdict, reason from policy_rules where subject = any(${[...subjects]}::text[])`;
}

/** Whether some job of the account was let run: one that nobody reviewed or an operator allowed, and that no operator ended. */
export async function wasAdmitted(reader: Reader, accountId: AccountId): Promise<boolean> {
  const rows = await reader`
    select 1 from jobs j where j.account_id = ${uuidOf(accountId)} and coalesce(j.reason->>'code', '') <> 'job_taken_down'
      and not exists (select 1 from job_reviews r where r.job_id = j.id and r.decision is distinct from 'allow') limit 1`;
  return rows.length > 0;
}

type RuleRow = PolicyRule & { subject: string; decidedAt: Date };

export async function upsertRule(tx: Tx, rule: RuleRow & { by: AccountId }): Promise<void> {
  const { subject, kind, verdict, reason, by, decidedAt } = rule;
  await tx`
    insert into policy_rules (subject, kind, verdict, reason, decided_by, decided_at) values (${subject}, ${kind}, ${verdict}, ${reason}, ${uuidOf(by)}, ${decidedAt})
    on conflict (subject) do update set verdict = excluded.verdict, reason = excluded.reason, decided_by = excluded.decided_by, decided_at = excluded.decided_at`;
}

/** Forgets what was decided about a program or an account; false if nothing was. */
export async function deleteRule(tx: Tx, subject: string): Promise<boolean> {
  return (await tx`delete from policy_rules where subject = ${subject} returning subject`).length > 0;
}

/** The newest rules first. */
export async function listNewestRules(reader: Reader, limit: number): Promise<RuleRow[]> {
  return await reader<RuleRow[]>`
    select subject, kind, verdict, reason, decided_at as "decidedAt" from policy_rules order by decided_at desc, subject limit ${limit}`;
}

/** Open jobs of a program or an account. */
export async function listOpenJobsOf(reader: Reader, subject: { kind: PolicyRule["kind"]; subject: string }): Promise<JobId[]> {
  const open = [...OPEN_JOB_STATES];
  const rows =
    subject.kind === "program"
      ? await reader<{ id: string }[]>`
          select id from jobs where state = any(${open}::text[]) and spec->'program'->'artifact'->>'sha256' = ${subject.subject}`
      : await reader<{ id: string }[]>`
          select j.id from jobs j join accounts a on a.id = j.account_id where j.state = any(${open}::text[]) and ${subject.subject} in (lower(${accountName(reader)}), 'acc_' || replace(a.id::text, '-', ''))`;
  return rows.map((row) => idOf("job", row.id));
}
