import type { Verification } from "#lib/domain/job/job.ts";
import type { Slicing } from "#lib/domain/slicing/slicing.ts";
import type { AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { resolveVerification } from "#lib/domain/trust/resolve-verification.ts";
import type { Words } from "#lib/text/words.ts";
import type { JobForm } from "./job-form.ts";
import { readFields, SLICING_FIELDS } from "./read-fields.ts";

/** What the cost of a job depends on, beside its input. */
export type CostTerms = { slicing: Slicing; verification: Verification; priceMicro: bigint };

/** The terms of a form whose other fields may still be missing or wrong; null while the terms themselves are. `defaultClass` is what the instance offers first. */
export function readCostForm(form: JobForm, defaultClass: AssuranceClass, words: Words): CostTerms | null {
  const spec = readFields(form, [...SLICING_FIELDS, "assurance", "quorum", "replicasMax", "verifier", "verifierArgs", "price"], words);
  if (!spec) return null;
  const { slicing, verification, price } = spec;
  return { slicing, verification: resolveVerification(verification, defaultClass), priceMicro: BigInt(price.replicaMicro) };
}
