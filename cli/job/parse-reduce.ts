import { UsageError } from "../terminal.ts";
import { parseJson } from "./parse-json.ts";

const HISTOGRAM = /^histogram:([^*:]+)\.\.([^*:]+)\*(\d+)(?::(.+))?$/;
const TOP = /^top-k:(\d+)(?::(.+))?$/;
const PLAIN = /^(concat|sum|min|max|mean)(?::(.+))?$/;

/**
 * The reducer that `--reduce` names: a program of the owner's, which writes `format`, by its path, or `KIND`, `KIND:FIELD`, `top-k:K[:FIELD]`, `histogram:FROM..TO*BINS[:FIELD]`, or the reducer of a job.json as JSON.
 * Its bounds are checked with the rest of the job.
 */
export function parseReduce(text: string, format: string): Record<string, unknown> {
  if (text.endsWith(".wasm")) return { kind: "wasi", artifact: { path: text }, format };
  if (text.startsWith("{")) return parseJson("--reduce", text);
  const [, kind, plainField] = PLAIN.exec(text) ?? [];
  if (kind !== undefined) return { kind, ...fieldOf(plainField) };
  const [, k, topField] = TOP.exec(text) ?? [];
  if (k !== undefined) return { kind: "top-k", k: Number(k), ...fieldOf(topField) };
  const [, from, to, bins, field] = HISTOGRAM.exec(text) ?? [];
  if (bins !== undefined) return { kind: "histogram", from: Number(from), to: Number(to), bins: Number(bins), ...fieldOf(field) };
  throw new UsageError(
    `--reduce takes concat, sum, min, max or mean (each but concat also with :FIELD), top-k:K, histogram:FROM..TO*BINS, PROGRAM.wasm, or JSON, not “${text}”.`,
  );
}

function fieldOf(field: string | undefined): { field?: string } {
  return field === undefined ? {} : { field };
}
