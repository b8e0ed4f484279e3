"use client";

import { useMutation } from "@tanstack/react-query";
import type { AccountWallet } from "#lib/client/wallet/account-wallet.ts";
import { ChainError } from "#lib/client/wallet/chain-problem.ts";
import type { Pool } from "#lib/client/wallet/pool.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

type Props = { error: unknown; pool: Pool; wallet: AccountWallet | null; onSwitched?: () => void; className?: string };

/** Why a transaction failed, in words, with the way on: a wallet on another network is asked to change it. */
export function ChainErrorNote({ error, pool, wallet, onSwitched, className }: Props) {
  const { text, fill } = useWords();
  const change = useMutation({
    mutationFn: async (on: AccountWallet) => {
      const { switchNetwork } = await import("#lib/client/wallet/switch-network.ts");
      await switchNetwork(on.provider, pool);
    },
    onSuccess: () => onSwitched?.(),
  });
  if (!(error instanceof ChainError)) return <ErrorNote error={error} {...(className ? { className } : {})} isAlert />;
  const { chainName, coin, token } = pool;
  const say = ({ problem, detail }: ChainError) => fill(text.wallet.problems[problem], { detail, network: chainName, coin, token: token.symbol });
  const canSwitch = error.problem === "wrong_network" && wallet;
  return (
    <Note
      tone={error.problem === "rejected" || error.problem === "nothing_due" ? "info" : "bad"}
      isAlert
      {...(className ? { className } : {})}
      action={
        canSwitch ? (
          <Button size="small" disabled={change.isPending} onClick={() => change.mutate(wallet)}>
            {fill(text.wallet.switchNetwork, { network: chainName })}
          </Button>
        ) : null
      }
    >
      {say(change.error instanceof ChainError ? change.error : error)}
    </Note>
  );
}
