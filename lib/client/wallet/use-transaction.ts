import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { AccountWallet } from "./account-wallet.ts";
import type { Pool } from "./pool.ts";
import type { Session } from "./send-call.ts";
import type { Progress } from "./send-stage.ts";

/** What is done with a wallet from the first question to the last transaction. */
export type Run = (session: Session) => Promise<unknown>;

/** Runs transactions one after the other and tells how far they are; code for the chain loads with the first. Whatever moved money is read anew afterwards. */
export function useTransaction(pool: Pool) {
  const client = useQueryClient();
  const [progress, setProgress] = useState<Progress | null>(null);
  const mutation = useMutation({
    mutationFn: async ({ wallet, run }: { wallet: AccountWallet; run: Run }) => {
      setProgress({ stage: "checking", txHash: null });
      const { openSession } = await import("./send-call.ts");
      await run(openSession(wallet, pool, setProgress));
    },
    onSettled: () => client.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] === "money" || queryKey[0] === "me" }),
  });
  return { ...mutation, progress };
}
