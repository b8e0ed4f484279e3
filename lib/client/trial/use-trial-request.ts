import { useWords } from "#lib/text/react/words-provider.tsx";
import type { JobForm } from "../queries/submission/job-form.ts";
import { RUN_FIELDS, readFields } from "../queries/submission/read-fields.ts";
import { useInspection } from "../queries/submission/use-inspection.ts";
import { useShardCount } from "../queries/submission/use-submission.ts";
import type { TrialRequest } from "./use-trial.ts";

/** What a dry run of the form would run; null while its program cannot run, its input cannot be cut, or a field that matters is wrong. */
export function useTrialRequest(form: JobForm): TrialRequest | null {
  const words = useWords();
  const spec = readFields(form, RUN_FIELDS, words);
  const counted = useShardCount(spec?.slicing ?? null, form.input);
  const inspected = useInspection({ program: form.program, memoryMebi: form.memoryMebi, runtime: form.carried.runtime });
  const isRefused = form.carried.runtime === "wasi" && inspected.data?.problems.length !== 0;
  if (!spec || !form.program || isRefused || !counted.data?.ok || counted.data.first.length === 0) return null;
  return { spec, form: { program: form.program, input: form.input, files: form.files }, parts: counted.data.first };
}
