"use client";

import type { ReactNode } from "react";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import { ChainError } from "#lib/client/wallet/chain-problem.ts";
import { useAccountWallet } from "#lib/client/wallet/use-account-wallet.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** Gives what is inside the wallet of the account; asks for it where none of this browser lets itself be seen. */
export function WalletGate({ address, children }: { address: string; children: (wallet: AccountWallet) => ReactNode }) {
  const { text, fill } = useWords();
  const words = text.wallet;
  const { wallet, isLooking, choices, connect } = useAccountWallet(address);
  if (wallet) return children(wallet);
  if (isLooking) return <p className="text-quiet text-sm">{words.looking}</p>;
  if (choices.length === 0) return <Note>{words.none}</Note>;
  const { error } = connect;
  return (
    <div className="space-y-3 text-sm">
      <p className="text-quiet [overflow-wrap:anywhere]">{fill(words.connectText, { address })}</p>
      <div className="flex flex-wrap gap-3">
        {choices.map((choice) => (
          <Button key={choice.name} disabled={connect.isPending} onClick={() => connect.mutate(choice)}>
            {fill(words.connect, { wallet: choice.name })}
          </Button>
        ))}
      </div>
      {error instanceof ChainError ? (
        <Note tone="bad" isAlert>
          {fill(words.problems[error.problem], { detail: error.detail })}
        </Note>
      ) : error ? (
        <ErrorNote error={error} isAlert />
      ) : null}
    </div>
  );
}
