import { skipToken, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import type { JobSubmission } from "#lib/domain/job/job.ts";
import { needsInput, type Slicing } from "#lib/domain/slicing/slicing.ts";
import type { JobView } from "#lib/protocol/jobs/jobs.ts";
import { jobQuery } from "../jobs.ts";
import { countShards } from "./count-shards.ts";
import type { JobForm } from "./job-form.ts";
import { type SubmitStep, submitJob } from "./submit-job.ts";

/** Submits a checked form: what it is doing now, how to stop it, and what became of it. A stopped submission keeps the form and throws nothing. */
export function useSubmission(on: { submitted: (job: JobView) => void; refused: (error: unknown) => void; stopped: () => void }) {
  const client = useQueryClient();
  const abort = useRef<AbortController | null>(null);
  const [step, setStep] = useState<SubmitStep | null>(null);
  const mutation = useMutation({
    mutationFn: async (input: { form: JobForm; spec: JobSubmission; terms: string }) => {
      abort.current = new AbortController();
      return await submitJob({ ...input, signal: abort.current.signal, onStep: setStep });
    },
    onSuccess: async (job) => {
      client.setQueryData(jobQuery(job.id).queryKey, job);
      await Promise.all([client.invalidateQueries({ queryKey: ["jobs"] }), client.invalidateQueries({ queryKey: ["me"] })]);
      on.submitted(job);
    },
    onError: (error) => {
      setStep(null);
      if (abort.current?.signal.aborted) on.stopped();
      else on.refused(error);
    },
  });
  return { step, isBusy: mutation.isPending || mutation.isSuccess, submit: mutation.mutate, stop: () => abort.current?.abort() };
}

/** How many shards an input makes, counted again when it or its slicing changes. */
export function useShardCount(slicing: Slicing | null, input: File | null) {
  return useQuery({
    queryKey: ["shard-count", slicing, input && [input.name, input.size, input.lastModified]],
    queryFn: slicing && (input || !needsInput(slicing.mode)) ? ({ signal }) => countShards(slicing, input, signal) : skipToken,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  });
}
