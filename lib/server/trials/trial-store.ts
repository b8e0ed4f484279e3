import "server-only";
import type { ErrandEnd, ErrandRun } from "#lib/domain/errand/errand.ts";
import { type AccountId, type Id, uuidOf } from "#lib/domain/ids.ts";
import type { Reader, Tx } from "../db/client.ts";
import { newId } from "../ids.ts";

export type TrialId = Id<"tri">;

/** How many shards of trials the account asked for since then. Locks the account's trials until the transaction ends, so that two requests cannot both be the last one. */
export async function countTrials(tx: Tx, accountId: AccountId, since: Date): Promise<number> {
  await tx`select pg_advisory_xact_lock(hashtextextended(${`trials ${accountId}`}, 0))`;
  const [row] = await tx<{ count: number }[]>`
    select count(*)::int as count from errands where account_id = ${uuidOf(accountId)} and kind = 'trial' and created_at > ${since}`;
  return row?.count ?? 0;
}

/** Asks for the runs of a trial. */
export async function insertTrial(
  tx: Tx,
  trial: { id: TrialId; accountId: AccountId; runs: readonly { no: number; run: ErrandRun }[]; at: Date },
): Promise<void> {
  for (const { no, run } of trial.runs)
    await tx`
      insert into errands (id, kind, account_id, group_id, shard_no, run, created_at)
      values (${uuidOf(newId("ern"))}, 'trial', ${uuidOf(trial.accountId)}, ${uuidOf(trial.id)}, ${no}, ${tx.json(run)}, ${trial.at})`;
}

export type TriedOnDevice = { no: number; ended: ErrandEnd | null; output: Uint8Array | null; outputSha256: string | null };

/** What became of the account's trial so far, with outputs up to `bytesMax`; empty where there is no such trial of its. */
export async function listTried(reader: Reader, accountId: AccountId, trialId: TrialId, bytesMax: number): Promise<TriedOnDevice[]> {
  return await reader<TriedOnDevice[]>`
    select shard_no as no, ended, case when length(output) <= ${bytesMax} then output end as output, output_sha256 as "outputSha256" from errands
    where group_id = ${uuidOf(trialId)} and kind = 'trial' and account_id = ${uuidOf(accountId)} order by shard_no`;
}

/** Forgets trials that were asked for before then: what they read and what came of them. */
export async function deleteTrials(reader: Reader, before: Date): Promise<number> {
  return (await reader`delete from errands where kind = 'trial' and created_at < ${before}`).count;
}
