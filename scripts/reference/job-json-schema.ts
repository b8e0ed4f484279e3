import { z } from "zod";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";

/** A part of a JSON Schema, as far as job.json needs it. */
export type SchemaNode = {
  type?: string;
  description?: string;
  default?: unknown;
  const?: unknown;
  enum?: unknown[];
  properties?: Record<string, SchemaNode>;
  required?: string[];
  items?: SchemaNode;
  anyOf?: SchemaNode[];
  oneOf?: SchemaNode[];
  minimum?: number;
  maximum?: number;
  minLength?: number;
  maxLength?: number;
  maxItems?: number;
  pattern?: string;
};

/** The JSON Schema (2020-12) of job.json as a file on disk; what travels is the same with every path replaced by a SHA-256. */
export function jobJsonSchema(): SchemaNode {
  return { ...(z.toJSONSchema(jobFile, { io: "input" }) as SchemaNode), title: "Shoal job.json, version 1" } as SchemaNode;
}
