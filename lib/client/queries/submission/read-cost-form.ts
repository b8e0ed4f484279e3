import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { Words } from "#lib/text/words.ts";
import { checkForm } from "./check-form.ts";
import { EMPTY_FORM, type JobForm } from "./job-form.ts";

/** What the cost of a job depends on, beside its input. */
export type CostTerms = { slicing: Slicing; replicasMax: number; priceMicro: bigint };

/** The terms of a form whose other fields may still be missing or wrong; null while the terms themselves are. */
export function readCostForm(form: JobForm, words: Words): CostTerms | null {
  const { mode, recordsPerShard, linesPerShard, from, to, step, valuesPerShard, quorum, replicasMax, price } = form;
  const file = new File([], "");
  const complete = { ...EMPTY_FORM, name: "-", program: file, input: file, isConfirmed: true };
  const checked = checkForm({ ...complete, mode, recordsPerShard, linesPerShard, from, to, step, valuesPerShard, quorum, replicasMax, price }, words);
  if (!checked.ok) return null;
  const { slicing, verification, price: paid } = checked.spec;
  return { slicing, replicasMax: verification.replicasMax, priceMicro: BigInt(paid.replicaMicro) };
}
