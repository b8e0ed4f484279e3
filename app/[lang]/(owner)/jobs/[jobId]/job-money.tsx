import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";

/** What of the reserved money is neither spent nor returned yet. */
export function heldMicro({ money }: JobView): bigint {
  return BigInt(money.reservedMicro) - BigInt(money.spentMicro) - BigInt(money.returnedMicro);
}

/** Where the job's money is: reserved = spent + returned + still held. */
export function JobMoney({ job }: { job: JobView }) {
  const { text, format, fill } = useWords();
  const { page } = text.jobs;
  const { money, price } = job;
  const held = heldMicro(job);
  return (
    <Card>
      <CardHead title={page.money} />
      <Facts>
        <Fact name={page.reserved}>{format.money(money.reservedMicro, price.asset)}</Fact>
        <Fact name={page.spent}>{format.money(money.spentMicro, price.asset)}</Fact>
        <Fact name={page.returned}>{format.money(money.returnedMicro, price.asset)}</Fact>
        {held > 0n ? <Fact name={page.held}>{format.money(held, price.asset)}</Fact> : null}
      </Facts>
      <p className="mt-3 text-quiet text-sm">
        {fill(page.priceNote, { price: format.money(price.replicaMicro, price.asset) })}
        {price.feeBps > 0 ? fill(page.priceFee, { fee: price.feeBps / 100 }) : null}
      </p>
    </Card>
  );
}
