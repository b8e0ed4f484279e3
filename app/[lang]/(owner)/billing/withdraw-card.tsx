"use client";

import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { type Balances, balancesQuery, budgetsQuery } from "#lib/client/queries/money.ts";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import type { Pool } from "#lib/client/wallet/pool.ts";
import { useTransaction } from "#lib/client/wallet/use-transaction.ts";
import { type ReleaseView, STANDING_BUDGET_ID } from "#lib/protocol/budgets/budgets.ts";
import { editMoney, parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { UnitInput } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { Moment } from "#lib/ui/display/moment.tsx";
import { RefreshNote } from "#lib/ui/display/refresh-note.tsx";
import { Skeleton } from "#lib/ui/display/skeleton.tsx";
import { TransactionEnd } from "../transaction/transaction-end.tsx";
import { WalletGate } from "../transaction/wallet-gate.tsx";

/** The two ways out of a budget: at once with the instance's signature, and after a delay without anybody. */
export function WithdrawCard({ pool, address, title, fieldId }: { pool: Pool; address: string; title: string; fieldId: string }) {
  const { text } = useWords();
  const words = text.billing.withdraw;
  const [asked, askedBudgets] = [useQuery(balancesQuery), useQuery(budgetsQuery(pool.chainId))];
  const budgets = askedBudgets.data?.budgets;
  const spending = asked.data?.chains.find(({ chainId }) => chainId === pool.chainId)?.spending;
  const unknown = [asked, askedBudgets].find(({ data }) => data === undefined);
  const standing = budgets?.find(({ budgetId }) => budgetId === STANDING_BUDGET_ID);
  const open = standing?.release?.state === "open" ? standing.release : null;
  const isAnyIn = standing !== undefined && BigInt(standing.balanceMicro) > 0n;
  return (
    <Card>
      <CardHead title={title} />
      {unknown?.error ? <RefreshNote error={unknown.error} hasOlder={false} onRetry={() => void unknown.refetch()} /> : null}
      {unknown && !unknown.error ? <Skeleton label={text.site.loading} /> : null}
      {spending && budgets && !isAnyIn ? <p className="text-quiet text-sm">{words.nothing}</p> : null}
      {spending && isAnyIn ? (
        <WalletGate address={address}>
          {(wallet) => (
            <>
              <ReleaseForm pool={pool} wallet={wallet} spending={spending} open={open} fieldId={fieldId} />
              <Exit pool={pool} wallet={wallet} withdrawAt={standing.withdrawAt} />
            </>
          )}
        </WalletGate>
      ) : null}
    </Card>
  );
}

type ReleaseProps = { pool: Pool; wallet: AccountWallet; spending: Balances["spending"]; open: ReleaseView | null; fieldId: string };

function ReleaseForm({ pool, wallet, spending, open, fieldId }: ReleaseProps) {
  const { text, fill, format } = useWords();
  const words = text.billing.withdraw;
  const { symbol } = pool.token;
  const most = spending.releasableMicro;
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const transaction = useTransaction(pool);
  const send = () => {
    const amountMicro = open ? BigInt(open.amountMicro) : parseMoney(typed);
    if (amountMicro === null || amountMicro <= 0n) return setProblem(text.billing.deposit.wrong);
    if (open === null && amountMicro > BigInt(most)) return setProblem(fill(words.over, { amount: format.money(most, symbol) }));
    setProblem(null);
    transaction.mutate({
      wallet,
      run: async (session) => await (await import("#lib/client/wallet/budget-calls.ts")).release(session, { amountMicro, open }),
    });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  const label = open ? words.openAction : words.action;
  return (
    <form noValidate onSubmit={submit} className="space-y-3">
      <p className="text-quiet text-sm">
        {open ? fill(words.open, { amount: format.money(open.amountMicro, symbol) }) : fill(words.text, { amount: format.money(most, symbol) })}
      </p>
      {open ? null : (
        <Field id={fieldId} label={text.billing.deposit.amount} problem={problem}>
          <UnitInput
            {...controlProps(fieldId, { problem })}
            unit={symbol}
            value={typed}
            placeholder={editMoney(most)}
            onChange={(event) => setTyped(event.target.value)}
          />
        </Field>
      )}
      <Button type="submit" disabled={transaction.isPending}>
        {transaction.isPending ? words.busy : label}
      </Button>
      <TransactionEnd transaction={transaction} pool={pool} wallet={wallet} done={fill(words.done, { count: pool.confirmations })} onSwitched={send} />
    </form>
  );
}

type Step = "requestWithdraw" | "cancelWithdraw" | "withdraw";

/** The contract's own way out, which no signature of the instance is needed for. */
function Exit({ pool, wallet, withdrawAt }: { pool: Pool; wallet: AccountWallet; withdrawAt: string | null }) {
  const { text, fill, format } = useWords();
  const words = text.billing.withdraw;
  const transaction = useTransaction(pool);
  const { isPending } = transaction;
  const [last, setLast] = useState<Step>("requestWithdraw");
  const act = (step: Step) => {
    setLast(step);
    transaction.mutate({ wallet, run: async (session) => await (await import("#lib/client/wallet/budget-calls.ts")).exitBudget(session, step) });
  };
  const isOpen = withdrawAt !== null && new Date(withdrawAt) <= new Date();
  return (
    <details className="mt-4 border-line border-t pt-3 text-sm" open={withdrawAt !== null || undefined}>
      <summary className="rounded-control py-1">{words.exit}</summary>
      <p className="my-2 text-quiet">{fill(words.exitText, { delay: format.duration(pool.withdrawDelayS * 1000) })}</p>
      {withdrawAt && !isOpen ? (
        <p className="my-2">
          {words.waits} <Moment at={withdrawAt} />
        </p>
      ) : null}
      <div className="flex flex-wrap gap-2">
        {withdrawAt ? null : (
          <Button size="small" disabled={isPending} onClick={() => act("requestWithdraw")}>
            {words.request}
          </Button>
        )}
        {isOpen ? (
          <Button size="small" disabled={isPending} onClick={() => act("withdraw")}>
            {words.take}
          </Button>
        ) : null}
        {withdrawAt ? (
          <Button size="small" disabled={isPending} onClick={() => act("cancelWithdraw")}>
            {words.cancel}
          </Button>
        ) : null}
      </div>
      <TransactionEnd
        transaction={transaction}
        pool={pool}
        wallet={wallet}
        done={fill(words.done, { count: pool.confirmations })}
        onSwitched={() => act(last)}
      />
    </details>
  );
}
