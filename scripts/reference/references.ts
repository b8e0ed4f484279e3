import { apiReference } from "./api-reference.ts";
import { errorsReference } from "./errors-reference.ts";
import { jobJsonReference } from "./job-json-reference.ts";
import { jobJsonSchema } from "./job-json-schema.ts";
import { listEndpoints } from "./list-endpoints.ts";
import { openApi } from "./openapi.ts";

/** Every generated reference: where it lies in the repository, and what it must hold. */
export async function references(): Promise<{ path: string; content: string }[]> {
  const endpoints = await listEndpoints();
  return [
    { path: "docs/reference/api.md", content: apiReference(endpoints) },
    { path: "docs/reference/errors.md", content: errorsReference() },
    { path: "docs/reference/job-json.md", content: jobJsonReference() },
    { path: "public/schema/openapi.v1.json", content: `${JSON.stringify(openApi(endpoints), null, 1)}\n` },
    { path: "public/schema/job.v1.json", content: `${JSON.stringify(jobJsonSchema(), null, 2)}\n` },
  ];
}
