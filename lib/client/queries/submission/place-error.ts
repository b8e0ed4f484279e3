import { needsInput } from "#lib/domain/slicing/slicing.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Words } from "#lib/text/words.ts";
import { capitalise, fieldOfPath } from "./check-form.ts";
import type { JobField, JobForm } from "./job-form.ts";

/** An upload that did not succeed, with the part that was being sent. */
export class UploadError extends Error {
  override name = "UploadError";
  readonly part: UploadPart;

  constructor(part: UploadPart, cause: unknown) {
    super(`The upload of the ${part} did not succeed.`, { cause });
    this.part = part;
  }
}

const FIELD_OF_PART: Record<UploadPart, JobField> = { program: "program", input: "input", file: "files" };
const FIELD_OF_WHAT: Record<string, JobField> = { "The program": "program", "The input": "input", "The file": "files", "All files together": "files" };
/** Programs beside the job's own; their problems begin with the field that names them. */
const FIELD_OF_OWN: Record<string, JobField> = { "verification.verifier": "verifier", reducer: "reducer" };
const PER_SHARD: Record<JobForm["mode"], JobField> = {
  lines: "linesPerShard",
  csv: "recordsPerShard",
  ndjson: "recordsPerShard",
  fasta: "recordsPerShard",
  bytes: "bytesPerShard",
  files: "input",
  range: "valuesPerShard",
  grid: "axes",
  repeat: "runs",
};

/** A refusal in words, and the field where it can be corrected; null where no field of the form can. */
export function placeError(error: unknown, mode: JobForm["mode"], { sayError, sayPhrase }: Words): { field: JobField | null; problem: string } {
  if (error instanceof UploadError) return { field: error.cause instanceof ApiError ? FIELD_OF_PART[error.part] : null, problem: sayError(error.cause) };
  if (!(error instanceof ApiError)) return { field: null, problem: sayError(error) };
  const field = fieldOf(error, mode);
  const { problem } = error.params;
  return { field, problem: field && error.code === "bad_request" && problem !== undefined ? capitalise(sayPhrase(String(problem))) : sayError(error) };
}

function fieldOf({ code, params }: ApiError, mode: JobForm["mode"]): JobField | null {
  switch (code) {
    case "bad_request":
    case "artifact_missing":
      return fieldOfPath(String(params.field));
    case "chain_unknown":
      return "chain";
    case "assurance_unavailable":
      return "assurance";
    case "text_changed":
      return "isConfirmed";
    case "program_refused":
      return FIELD_OF_OWN[/^[\w.]+(?=: )/.exec(String(params.problem))?.[0] ?? ""] ?? "program";
    case "arguments_refused":
      return fieldOfPath(String(params.field)) ?? "args";
    case "trusted_device_missing":
      return "reduceBy";
    case "input_empty":
    case "input_malformed":
    case "zip_refused":
      return "input";
    case "input_needed":
      return needsInput(mode) ? "input" : "mode";
    case "shards_too_many":
      return PER_SHARD[mode];
    case "funds_short":
      return "price";
    case "too_large":
      return FIELD_OF_WHAT[String(params.what)] ?? null;
    default:
      return null;
  }
}
