import { useQuery } from "@tanstack/react-query";
import { meQuery } from "#lib/client/queries/account.ts";
import type { JobForm } from "#lib/client/queries/submission/job-form.ts";
import { readCostForm } from "#lib/client/queries/submission/read-cost-form.ts";
import { useShardCount } from "#lib/client/queries/submission/use-submission.ts";
import { replicaCost, worstCost } from "#lib/domain/ledger/money.ts";
import { en } from "#lib/text/en.ts";
import { fill } from "#lib/text/fill.ts";
import { formatMoney } from "#lib/text/format/format-money.ts";
import { formatCount, formatNumber } from "#lib/text/format/format-number.ts";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Note } from "#lib/ui/display/note.tsx";

const text = en.submit.cost;

/** What the job reserves at worst, beside what its owner has. */
export function CostCard({ form, feeBps, asset }: { form: JobForm; feeBps: number; asset: string }) {
  const { data: account } = useQuery(meQuery);
  const terms = readCostForm(form);
  const counted = useShardCount(terms?.slicing ?? null, form.input);
  const shards = counted.data?.ok ? counted.data.shardCount : null;
  const cost = terms && shards !== null ? worstCost({ shardCount: shards, replicasMax: terms.replicasMax, priceMicro: terms.priceMicro, feeBps }) : null;
  const isShort = cost !== null && account && BigInt(account.balance.availableMicro) < cost;
  return (
    <Card aria-live="polite">
      <CardHead title={text.title} />
      {terms && shards !== null && cost !== null ? (
        <>
          <p className="font-semibold text-2xl tracking-tight">{formatMoney(cost, asset)}</p>
          <p className="mt-1 text-quiet text-sm">
            {fill(text.sum, {
              shards: formatCount(shards, en.jobs.shardWords),
              replicas: formatNumber(terms.replicasMax),
              price: formatMoney(replicaCost(terms.priceMicro, feeBps), asset),
            })}
            {feeBps > 0 ? text.fee : null}
          </p>
          <p className="mt-3 text-quiet text-sm">{text.note}</p>
        </>
      ) : (
        <p className="text-quiet text-sm">{counted.isFetching ? text.counting : text.unknown}</p>
      )}
      {counted.data?.ok === false ? (
        <Note tone="bad" className="mt-3">
          {counted.data.problem}
        </Note>
      ) : null}
      {account ? (
        <Facts className="mt-3">
          <Fact name={text.balance}>{formatMoney(account.balance.availableMicro, asset)}</Fact>
        </Facts>
      ) : null}
      {isShort ? (
        <Note tone="warn" className="mt-3">
          {text.short}
        </Note>
      ) : null}
    </Card>
  );
}
