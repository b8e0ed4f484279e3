import { isOpen } from "#lib/domain/job/job.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Progress } from "#lib/ui/display/progress.tsx";
import { RaiseBudget } from "./raise-budget.tsx";

/** What of the reserved money is neither spent nor returned yet. */
export function heldMicro({ money }: JobView): bigint {
  return BigInt(money.reservedMicro) - BigInt(money.spentMicro) - BigInt(money.returnedMicro);
}

/** How much of the job its milestones have released, and what releases more. */
function Release({ job: { release, shardCount, state } }: { job: JobView }) {
  const { text, fill } = useWords();
  const { released, nextMilestone } = text.jobs.page;
  if (!(release?.next && isOpen(state))) return null;
  const { finalPercent, releasePercent } = release.next;
  return (
    <p className="mt-3 text-sm">
      {fill(released, { shards: release.shards, all: shardCount })} {fill(nextMilestone, { release: releasePercent, final: finalPercent })}
    </p>
  );
}

/** Where the job's money is: reserved = spent + returned + still held. */
export function JobMoney({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { page } = text.jobs;
  const { reuse } = text.studio;
  const { money, price } = job;
  const held = heldMicro(job);
  const [reserved, spent] = [BigInt(money.reservedMicro), BigInt(money.spentMicro)];
  const spentShare = reserved === 0n ? 0 : Number((spent * 100n) / reserved);
  const soFar = fill(reuse.soFar, { spent: format.money(spent, price.asset), reserved: format.money(reserved, price.asset) });
  const priceNote = fill(page.priceNote, { price: format.money(price.replicaMicro, price.asset) });
  const priced = `${priceNote}${price.feeBps > 0 ? fill(page.priceFee, { fee: price.feeBps / 100 }) : ""}`;
  const decided = BigInt(job.acceptedCount + job.failedCount);
  return (
    <Card>
      <CardHead title={page.money} />
      <Progress label={page.spent} max={100} done={spentShare} text={soFar} className="mb-3" />
      <Facts>
        <Fact name={page.reserved}>{format.money(money.reservedMicro, price.asset)}</Fact>
        <Fact name={page.spent}>{format.money(money.spentMicro, price.asset)}</Fact>
        <Fact name={page.returned}>{format.money(money.returnedMicro, price.asset)}</Fact>
        {held > 0n ? <Fact name={page.held}>{format.money(held, price.asset)}</Fact> : null}
      </Facts>
      {isOpen(job.state) && decided > 0n ? (
        <p className="mt-3 text-sm">{fill(reuse.projected, { cost: format.money((spent * BigInt(job.shardCount)) / decided, price.asset) })}</p>
      ) : null}
      <Release job={job} />
      <p className="mt-3 text-quiet text-sm">{price.replicaMicro === "0" ? page.donation : priced}</p>
      {isOpen(job.state) && job.role === "owner" ? <RaiseBudget job={job} /> : null}
    </Card>
  );
}
