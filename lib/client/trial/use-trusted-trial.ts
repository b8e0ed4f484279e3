import { useCallback, useEffect, useRef, useState } from "react";
import type { TrialShard, TrustedShard } from "./trial-outcome.ts";
import { type TrialRequest, trialKey } from "./use-trial.ts";

/** A comparison with a trusted device as it stands; `key` is the trial that it belongs to. */
export type TrustedView = { isRunning: boolean; isDeviceThere: boolean; wanted: number; compared: readonly TrustedShard[]; error: unknown; key: string | null };
const NOTHING: TrustedView = { isRunning: false, isDeviceThere: true, wanted: 0, compared: [], error: null, key: null };

/** Has a trusted device repeat what this tab ran, on demand. */
export function useTrustedTrial(): { view: TrustedView; start: (request: TrialRequest, shards: readonly TrialShard[]) => Promise<void>; stop: () => void } {
  const [view, setView] = useState<TrustedView>(NOTHING);
  const abort = useRef<AbortController | null>(null);
  const stop = useCallback(() => abort.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback(async (request: TrialRequest, shards: readonly TrialShard[]) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const show = (change: Partial<TrustedView>) => {
      if (abort.current === own) setView((current) => ({ ...current, ...change }));
    };
    show({ ...NOTHING, isRunning: true, wanted: shards.length, key: trialKey(request) });
    try {
      const { runTrustedTrial } = await import("./trusted-trial.ts");
      await runTrustedTrial({ ...request, shards, signal: own.signal, onLook: show });
    } catch (error) {
      if (!own.signal.aborted) show({ error });
    } finally {
      show({ isRunning: false });
    }
  }, []);
  return { view, start, stop };
}
