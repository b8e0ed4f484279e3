import { UsageError } from "../terminal.ts";
import { parseJson } from "./parse-json.ts";

/** What the number after the colon means, by mode. */
const COUNTS: Readonly<Record<string, string>> = {
  lines: "linesPerShard",
  fasta: "recordsPerShard",
  csv: "recordsPerShard",
  ndjson: "recordsPerShard",
  bytes: "bytesPerShard",
  repeat: "runs",
};
const RANGE = /^(-?\d+)\.\.(-?\d+)(?:\.\.(\d+))?(?::(\d+))?$/;
const LINSPACE = /^(-?[\d.]+(?:e[+-]?\d+)?)\.\.(-?[\d.]+(?:e[+-]?\d+)?)\*(\d+)$/i;

/**
 * The slicing that `--split` names: `MODE`, `MODE:COUNT`, `range:FROM..TO[..STEP][:PER_SHARD]`, `grid:NAME=1,2,3;NAME=FROM..TO*COUNT`, or the
 * slicing of a job.json as JSON. Its bounds are checked with the rest of the job.
 */
export function parseSplit(text: string): Record<string, unknown> {
  if (text.startsWith("{")) return parseJson("--split", text);
  const [mode = "", ...rest] = text.split(":");
  const count = rest.join(":");
  if (mode === "range") return parseRange(count);
  if (mode === "grid") return { mode, axes: count.split(";").map(parseAxis) };
  if (count === "") return { mode };
  const field = COUNTS[mode];
  if (field === undefined || !/^\d+$/.test(count))
    throw new UsageError(`--split takes ${Object.keys(COUNTS).join(":N, ")}:N, files, range:FROM..TO, grid:NAME=A,B or JSON, not “${text}”.`);
  return { mode, [field]: Number(count) };
}

function parseRange(text: string): Record<string, unknown> {
  const [, from, to, step, perShard] = RANGE.exec(text) ?? [];
  if (from === undefined || to === undefined)
    throw new UsageError(`--split range is written range:FROM..TO, range:FROM..TO..STEP or range:FROM..TO:PER_SHARD, not “range:${text}”.`);
  return {
    mode: "range",
    from: Number(from),
    to: Number(to),
    ...(step === undefined ? {} : { step: Number(step) }),
    ...(perShard === undefined ? {} : { valuesPerShard: Number(perShard) }),
  };
}

function parseAxis(text: string): Record<string, unknown> {
  const at = text.indexOf("=");
  if (at < 1) throw new UsageError(`An axis of --split grid is written NAME=VALUE,VALUE or NAME=FROM..TO*COUNT, not “${text}”.`);
  const [name, values] = [text.slice(0, at), text.slice(at + 1)];
  const [, from, to, count] = LINSPACE.exec(values) ?? [];
  if (count !== undefined) return { name, from: Number(from), to: Number(to), count: Number(count) };
  return { name, values: values.split(",").map((value) => (/^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value) ? Number(value) : value)) };
}
