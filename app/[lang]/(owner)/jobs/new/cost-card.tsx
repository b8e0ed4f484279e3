import { useQuery } from "@tanstack/react-query";
import { meQuery } from "#lib/client/queries/account.ts";
import { balancesQuery, chainQuery } from "#lib/client/queries/money.ts";
import type { JobForm } from "#lib/client/queries/submission/job-form.ts";
import { useCostTerms } from "#lib/client/queries/submission/use-cost-terms.ts";
import { replicaCost, worstCost } from "#lib/domain/ledger/money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Fact, Facts } from "#lib/ui/display/facts.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** What the job reserves at worst, beside what its owner has. */
export function CostCard({ form, feeBps, asset }: { form: JobForm; feeBps: number; asset: string }) {
  const { text, format, fill } = useWords();
  const { cost } = text.submit;
  const { terms, shardCount, isCounting } = useCostTerms(form);
  const costMicro =
    terms && shardCount !== null ? worstCost({ shardCount, replicasMax: terms.verification.replicasMax, priceMicro: terms.priceMicro, feeBps }) : null;
  const availableMicro = useAvailable(form.chain);
  const isShort = costMicro !== null && availableMicro !== null && BigInt(availableMicro) < costMicro;
  return (
    <Card aria-live="polite">
      <CardHead title={cost.title} />
      {terms && shardCount !== null && costMicro !== null ? (
        <>
          <p className="font-semibold text-2xl tracking-tight">{format.money(costMicro, asset)}</p>
          <p className="mt-1 text-quiet text-sm">
            {fill(cost.sum, {
              shards: format.count(shardCount, text.jobs.shardWords),
              replicas: format.number(terms.verification.replicasMax),
              price: format.money(replicaCost(terms.priceMicro, feeBps), asset),
            })}
            {feeBps > 0 ? cost.fee : null}
          </p>
          <p className="mt-3 text-quiet text-sm">{cost.note}</p>
        </>
      ) : (
        <p className="text-quiet text-sm">{isCounting ? cost.counting : cost.unknown}</p>
      )}
      {availableMicro !== null ? (
        <Facts className="mt-3">
          <Fact name={cost.balance}>{format.money(availableMicro, asset)}</Fact>
        </Facts>
      ) : null}
      {isShort ? (
        <Note tone="warn" className="mt-3">
          {cost.short}
        </Note>
      ) : null}
    </Card>
  );
}

/** What the owner can spend: on the chain that pays, where the instance has several. Null before it is known. */
function useAvailable(chain: string): string | null {
  const { data: account } = useQuery(meQuery);
  const { data: instance } = useQuery(chainQuery);
  const hasSeveral = (instance?.furtherPools.length ?? 0) > 0;
  const { data: balances } = useQuery({ ...balancesQuery, enabled: hasSeveral });
  if (!hasSeveral) return account?.balance.availableMicro ?? null;
  const chainId = chain === "" ? instance?.pool?.chainId : Number(chain);
  return balances?.chains.find((one) => one.chainId === chainId)?.spending.availableMicro ?? null;
}
