import "server-only";
import { JOB_LIMITS } from "#lib/domain/job/job.ts";
import type { UploadPart } from "#lib/protocol/artifacts/artifacts.ts";

/** How large an upload may be, by what it is for, and what a refusal calls it. */
export const UPLOAD_LIMITS: Record<UploadPart, { what: string; bytesMax: number }> = {
  program: { what: "The program", bytesMax: JOB_LIMITS.programBytesMax },
  input: { what: "The input", bytesMax: JOB_LIMITS.inputBytesMax },
  file: { what: "The file", bytesMax: JOB_LIMITS.filesBytesMax },
};
