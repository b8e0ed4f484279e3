import { idOf } from "#lib/domain/ids.ts";
import type { Services } from "#lib/server/context.ts";
import { checkLedger } from "#lib/server/ledger/check-ledger.ts";
import { outputOf } from "./device-load.ts";
import { countVerified } from "./world.ts";

const OUTPUTS_COMPARED = 200;

type Tally = { results: number; decided: number; decidable: number; failed: number; unsettled: number; untallied: number; payments: number };

/**
 * Proves from the database that the measured work was done: every acknowledged result is stored, every shard that can be decided is, the counters say so,
 * every replica of a decided shard is settled, the books balance and canonical outputs are right. Throws with every law that does not hold.
 */
export async function verifyWorld(services: Services, reported: number): Promise<void> {
  const [tally] = await services.db<Tally[]>`
    select
      (select count(*)::int from results) as results,
      (select count(*)::int from shards) as decided,
      (select count(*)::int from (select from results group by job_id, shard_no having count(*) >= 2) as pairs) as decidable,
      (select count(*)::int from shards where verdict <> 'accepted') as failed,
      (select count(*)::int from results r join shards s on s.job_id = r.job_id and s.no = r.shard_no where r.settled_at is null) as unsettled,
      (select count(*)::int from grants where untallied_since is not null) as untallied,
      (select count(*)::int from job_postings where side = 'earned') as payments`;
  if (!tally) throw new Error("The database gave no tally.");
  const counted = await countVerified(services);
  const problems = [
    [tally.decided === 0, "no shard was decided"],
    [tally.results !== reported, `${reported} results were acknowledged, ${tally.results} are stored`],
    [tally.decided !== tally.decidable, `${tally.decidable} shards have two results, ${tally.decided} are decided`],
    [tally.decided !== counted, `${tally.decided} shards are decided, the counters say ${counted}`],
    [tally.failed > 0, `${tally.failed} shards failed`],
    [tally.unsettled > 0, `${tally.unsettled} results of decided shards are not settled`],
    [tally.untallied > 0, `${tally.untallied} grants wait for a tally`],
    [tally.payments === 0, "no device was paid"],
    ...(await checkLedger(services.db)).map((problem) => [true, `the ledger: ${problem.law} (${problem.where}, ${problem.amountMicro})`] as const),
    ...(await findWrongOutputs(services)).map((where) => [true, `a wrong output was accepted: ${where}`] as const),
  ] as const;
  const broken = problems.flatMap(([isBroken, words]) => (isBroken ? [words] : []));
  if (broken.length > 0) throw new Error(`The run did not do what it measured:\n  ${broken.join("\n  ")}`);
}

async function findWrongOutputs({ db }: Services): Promise<string[]> {
  const rows = await db<
    { job_id: string; no: number; output: Buffer | null }[]
  >`select job_id, no, output from shards order by random() limit ${OUTPUTS_COMPARED}`;
  return rows
    .map((row) => ({ jobId: idOf("job", row.job_id), no: row.no, output: row.output?.toString() }))
    .filter(({ jobId, no, output }) => output !== outputOf(jobId, no))
    .map(({ jobId, no }) => `${jobId}/${no}`);
}
