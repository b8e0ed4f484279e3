import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatMoney } from "#lib/text/format/format-money.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";

const text = en.jobs.page;

/** What of the reserved money is neither spent nor returned yet. */
export function heldMicro({ money }: JobView): bigint {
  return BigInt(money.reservedMicro) - BigInt(money.spentMicro) - BigInt(money.returnedMicro);
}

/** Where the job's money is: reserved = spent + returned + still held. */
export function JobMoney({ job }: { job: JobView }) {
  const { money, price } = job;
  const held = heldMicro(job);
  return (
    <Card>
      <CardHead title={text.money} />
      <Facts>
        <Fact name={text.reserved}>{formatMoney(money.reservedMicro, price.asset)}</Fact>
        <Fact name={text.spent}>{formatMoney(money.spentMicro, price.asset)}</Fact>
        <Fact name={text.returned}>{formatMoney(money.returnedMicro, price.asset)}</Fact>
        {held > 0n ? <Fact name={text.held}>{formatMoney(held, price.asset)}</Fact> : null}
      </Facts>
      <p className="mt-3 text-quiet text-sm">
        {fill(text.priceNote, { price: formatMoney(price.replicaMicro, price.asset) })}
        {price.feeBps > 0 ? fill(text.priceFee, { fee: price.feeBps / 100 }) : null}
      </p>
    </Card>
  );
}
