import { z } from "zod";
import { endpoint } from "../endpoint.ts";

/** Jobs that come with the instance, ready to be run and changed; each is a folder of `examples`. */
export const TEMPLATES = ["protein-search", "power-grid", "percolation", "outbreak", "mandelbrot-gpu", "nbody-gpu"] as const;
export type TemplateId = (typeof TEMPLATES)[number];

export function isTemplate(id: string): id is TemplateId {
  return (TEMPLATES as readonly string[]).includes(id);
}

export const getTemplateFile = endpoint({
  name: "getTemplateFile",
  method: "GET",
  path: "/api/v1/templates/{template}/file",
  auth: "public",
  answer: "bytes",
  input: z.strictObject({ template: z.enum(TEMPLATES), path: z.string().min(1).max(200).describe("Its place in the template's folder, such as job.json.") }),
  output: z.instanceof(Uint8Array),
  refusals: ["not_found"],
  summary: "A file of a template: job.json, a file that it names, the program's source, or the expected result.",
});
