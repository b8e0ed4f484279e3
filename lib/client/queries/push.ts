import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import { getPush, unsubscribePush } from "#lib/protocol/push/push.ts";
import type { Language } from "#lib/text/languages.ts";
import { canPushHere, findPushHere, startPushHere, stopPushHere } from "../push/push-here.ts";
import { api } from "./api.ts";

/** With which key browsers subscribe, and which of the account's have. */
export const pushQuery = queryOptions({ queryKey: ["push"], queryFn: ({ signal }) => api.call(getPush, {}, { signal }) });

/** This browser: whether it can be told, and by which digest it is subscribed. */
export const pushHereQuery = queryOptions({
  queryKey: ["push", "here"],
  queryFn: async () => ({ isAble: canPushHere(), sha256: await findPushHere() }),
});

/** A change of who is pushed to; whatever becomes of it, it is looked anew. */
function usePushChange<In>(change: (input: In) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSettled: () => client.invalidateQueries({ queryKey: ["push"] }) });
}

export const useStartPush = () => usePushChange(({ publicKey, language }: { publicKey: string; language: Language }) => startPushHere(publicKey, language));
export const useStopPush = () => usePushChange(stopPushHere);
export const useRemovePush = () => usePushChange((sha256: string) => api.call(unsubscribePush, { sha256 }));
