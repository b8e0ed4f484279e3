import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import { resolveVerification } from "#lib/domain/trust/resolve-verification.ts";
import type { Words } from "#lib/text/words.ts";
import type { JobForm } from "./job-form.ts";
import { readFields, SLICING_FIELDS } from "./read-fields.ts";

/** What the cost of a job depends on, beside its input. */
export type CostTerms = { slicing: Slicing; replicasMax: number; priceMicro: bigint };

/** The terms of a form whose other fields may still be missing or wrong; null while the terms themselves are. */
export function readCostForm(form: JobForm, words: Words): CostTerms | null {
  const spec = readFields(form, [...SLICING_FIELDS, "quorum", "replicasMax", "price"], words);
  return (
    spec && { slicing: spec.slicing, replicasMax: resolveVerification(spec.verification, "instant").replicasMax, priceMicro: BigInt(spec.price.replicaMicro) }
  );
}
