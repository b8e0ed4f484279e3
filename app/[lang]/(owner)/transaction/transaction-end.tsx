"use client";

import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import type { Pool } from "#lib/client/wallet/pool.ts";
import type { useTransaction } from "#lib/client/wallet/use-transaction.ts";
import { Note } from "#lib/ui/display/note.tsx";
import { ChainErrorNote } from "./chain-error-note.tsx";
import { TransactionProgress } from "./transaction-progress.tsx";

type Props = { transaction: ReturnType<typeof useTransaction>; pool: Pool; wallet: AccountWallet; done: string; onSwitched: () => void };

/** How far a transaction is, and how it ended: `done` says what follows, a failure says why and what helps. Nothing before the first. */
export function TransactionEnd({ transaction: { progress, isPending, isSuccess, error }, pool, wallet, done, onSwitched }: Props) {
  return (
    <>
      {progress && (isPending || isSuccess || progress.txHash) ? <TransactionProgress progress={progress} pool={pool} isRunning={isPending} /> : null}
      {isSuccess ? <Note className="mt-4">{done}</Note> : null}
      {error ? <ChainErrorNote className="mt-4" error={error} pool={pool} wallet={wallet} onSwitched={onSwitched} /> : null}
    </>
  );
}
