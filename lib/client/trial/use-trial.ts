import { useCallback, useEffect, useRef, useState } from "react";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { ShardPreview } from "#lib/domain/slicing/preview-slicing.ts";
import type { JobForm } from "../queries/submission/job-form.ts";
import type { TrialShard } from "./trial-outcome.ts";

/** A trial as it stands. `wanted` is how many shards it runs in all, `key` what it depends on; null before the first. */
export type TrialView = { isRunning: boolean; wanted: number; shards: readonly TrialShard[]; error: unknown; key: string | null };
const NOTHING: TrialView = { isRunning: false, wanted: 0, shards: [], error: null, key: null };

export type TrialRequest = { spec: JobSubmission; form: Pick<JobForm, "program" | "input" | "files">; parts: readonly ShardPreview[] };

/** Runs some shards in this tab on demand. What the sandbox needs is loaded when the first trial begins. */
export function useTrial(): { view: TrialView; start: (request: TrialRequest) => Promise<void>; stop: () => void } {
  const [view, setView] = useState<TrialView>(NOTHING);
  const abort = useRef<AbortController | null>(null);
  const stop = useCallback(() => abort.current?.abort(), []);
  useEffect(() => stop, [stop]);
  const start = useCallback(async (request: TrialRequest) => {
    abort.current?.abort();
    const own = new AbortController();
    abort.current = own;
    const show = (change: (current: TrialView) => TrialView) => {
      if (abort.current === own) setView(change);
    };
    show(() => ({ isRunning: true, wanted: request.parts.length, shards: [], error: null, key: trialKey(request) }));
    const [{ BrowserHost }, { runTrial }] = await Promise.all([import("../volunteer/browser-host.ts"), import("./run-trial.ts")]);
    const host = new BrowserHost(() => undefined);
    try {
      await runTrial({
        ...request,
        host,
        signal: own.signal,
        onShard: (shard) => show((current) => ({ ...current, shards: [...current.shards, shard] })),
      });
    } catch (error) {
      if (!own.signal.aborted) show((current) => ({ ...current, error }));
    } finally {
      host.killAll();
      show((current) => ({ ...current, isRunning: false }));
    }
  }, []);
  return { view, start, stop };
}

/** What a trial depends on, as a text: two requests with the same text give the same results. */
export function trialKey({ spec, form, parts }: TrialRequest): string {
  const fileOf = (file: File | null) => file && [file.name, file.size, file.lastModified];
  const { program, slicing, limits, seed } = spec;
  const files = form.files.map(({ name, file }) => [name, fileOf(file)]);
  return JSON.stringify([program, slicing, limits, seed, fileOf(form.program), fileOf(form.input), files, parts]);
}
