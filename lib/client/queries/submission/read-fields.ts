import type { JobSubmission } from "#lib/domain/job/job.ts";
import type { Words } from "#lib/text/words.ts";
import { checkForm } from "./check-form.ts";
import { EMPTY_FORM, type JobField, type JobForm } from "./job-form.ts";

/** The fields on which the cutting of the input depends. */
export const SLICING_FIELDS = [
  "mode",
  "recordsPerShard",
  "linesPerShard",
  "from",
  "to",
  "step",
  "valuesPerShard",
  "bytesPerShard",
  "runs",
  "axes",
  "delimiter",
  "carried",
] as const satisfies readonly JobField[];
/** The fields on which the run of a shard depends. */
export const RUN_FIELDS = [
  ...SLICING_FIELDS,
  "args",
  "seed",
  "timeSeconds",
  "memoryMebi",
  "outputKibi",
  "format",
  "tileWidth",
  "tileHeight",
  "tilePixels",
] as const;

/** The submission that these fields of a form make, whatever is missing or wrong in the others; null while one of the fields is wrong itself. */
export function readFields(form: JobForm, fields: readonly JobField[], words: Words): JobSubmission | null {
  const file = new File([], "");
  const complete = { ...EMPTY_FORM, name: "-", program: file, input: file, isConfirmed: true };
  const checked = checkForm({ ...complete, ...Object.fromEntries(fields.map((field) => [field, form[field]])) }, words);
  return checked.ok ? checked.spec : null;
}
