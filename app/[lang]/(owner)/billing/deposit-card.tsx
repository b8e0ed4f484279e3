"use client";

import { useMutation, useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { api } from "#lib/client/queries/api.ts";
import { budgetsQuery } from "#lib/client/queries/money.ts";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import type { Pool } from "#lib/client/wallet/pool.ts";
import { useTransaction } from "#lib/client/wallet/use-transaction.ts";
import { requestFaucet } from "#lib/protocol/chain/chain.ts";
import { parseMoney } from "#lib/text/format/edit-money.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { UnitInput } from "#lib/ui/controls/input.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import { TransactionEnd } from "../transaction/transaction-end.tsx";
import { WalletGate } from "../transaction/wallet-gate.tsx";

/** The way of money from the wallet into the budget on the chain. */
export function DepositCard({ pool, address, title, fieldId }: { pool: Pool; address: string; title: string; fieldId: string }) {
  const { text, fill, format } = useWords();
  const words = text.billing.deposit;
  const { data } = useQuery(budgetsQuery(pool.chainId));
  return (
    <Card>
      <CardHead title={title} />
      <p className="mb-4 text-quiet text-sm">{fill(words.text, { token: pool.token.symbol })}</p>
      <WalletGate address={address}>{(wallet) => <DepositForm pool={pool} wallet={wallet} fieldId={fieldId} />}</WalletGate>
      {data?.pendingDeposits.map(({ txHash, amountMicro, confirmations, needed }) => (
        <Note key={txHash} className="mt-4">
          {fill(words.pending, { amount: format.money(amountMicro, pool.token.symbol), have: confirmations, need: needed })}
        </Note>
      ))}
      {pool.hasFaucet ? <Faucet pool={pool} /> : null}
    </Card>
  );
}

function DepositForm({ pool, wallet, fieldId }: { pool: Pool; wallet: AccountWallet; fieldId: string }) {
  const { text, fill } = useWords();
  const words = text.billing.deposit;
  const [typed, setTyped] = useState("");
  const [problem, setProblem] = useState<string | null>(null);
  const transaction = useTransaction(pool);
  const send = () => {
    const amountMicro = parseMoney(typed);
    const isAmount = amountMicro !== null && amountMicro > 0n;
    setProblem(isAmount ? null : words.wrong);
    if (isAmount)
      transaction.mutate({ wallet, run: async (session) => await (await import("#lib/client/wallet/budget-calls.ts")).deposit(session, amountMicro) });
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
  };
  return (
    <form noValidate onSubmit={submit} className="space-y-3">
      <Field id={fieldId} label={words.amount} problem={problem}>
        <UnitInput {...controlProps(fieldId, { problem })} unit={pool.token.symbol} value={typed} onChange={(event) => setTyped(event.target.value)} />
      </Field>
      <Button type="submit" kind="primary" disabled={transaction.isPending}>
        {transaction.isPending ? words.busy : words.action}
      </Button>
      <TransactionEnd transaction={transaction} pool={pool} wallet={wallet} done={fill(words.done, { count: pool.confirmations })} onSwitched={send} />
    </form>
  );
}

/** Test money of a demo chain. */
function Faucet({ pool: { chainId } }: { pool: Pool }) {
  const { faucet, faucetDone, faucetText } = useWords().text.billing.deposit;
  const ask = useMutation({ mutationFn: () => api.call(requestFaucet, { chainId }) });
  return (
    <div className="mt-4 space-y-3 border-line border-t pt-4 text-sm">
      <p className="text-quiet">{faucetText}</p>
      <Button size="small" disabled={ask.isPending} onClick={() => ask.mutate()}>
        {faucet}
      </Button>
      {ask.isSuccess ? <Note isAlert>{faucetDone}</Note> : null}
      {ask.error ? <ErrorNote error={ask.error} isAlert /> : null}
    </div>
  );
}
