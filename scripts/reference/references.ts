import { errorsReference } from "./errors-reference.ts";
import { jobJsonReference } from "./job-json-reference.ts";
import { jobJsonSchema } from "./job-json-schema.ts";

/** Every generated reference: where it lies in the repository, and what it must hold. */
export function references(): { path: string; content: string }[] {
  return [
    { path: "docs/reference/errors.md", content: errorsReference() },
    { path: "docs/reference/job-json.md", content: jobJsonReference() },
    { path: "public/schema/job.v1.json", content: `${JSON.stringify(jobJsonSchema(), null, 2)}\n` },
  ];
}
