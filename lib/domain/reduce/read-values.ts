import type { OutputFormat } from "../job/job.ts";
import { REDUCE_LIMITS } from "./reducer.ts";

/** One number of an output, where it stands in it, counted from 0, and the row that it stands in. */
export type Value = { value: number; index: number; row: string };
/** The finite numbers of an output, how many places held none, and with csv the header. */
export type Values = { values: Value[]; missing: number; header: string | null };

/**
 * Reads the numbers of one output: every element of f32, every line of text that is not empty, the field of every row of csv and every document of json and
 * ndjson. A place that holds no finite number is counted, never taken for 0.
 */
export function readValues(output: Uint8Array, format: OutputFormat, field: string | undefined): Values {
  if (format === "f32") return readSingles(output);
  const text = new TextDecoder().decode(output);
  if (format === "csv") return readCsv(text, field);
  const rows = format === "json" ? [text] : text.split("\n");
  const numbers = rows.filter((row) => row.trim() !== "").map((row) => ({ row: row.trim(), value: format === "text" ? toNumber(row) : memberOf(row, field) }));
  return gather(numbers, null);
}

function readSingles(output: Uint8Array): Values {
  const view = new DataView(output.buffer, output.byteOffset, output.byteLength);
  const numbers = Array.from({ length: Math.floor(output.length / 4) }, (_, i) => ({ value: view.getFloat32(i * 4, true), row: "" }));
  return gather(numbers, null);
}

function readCsv(text: string, field: string | undefined): Values {
  const [header, ...rows] = splitCsv(text);
  if (!header) return { values: [], missing: 0, header: null };
  const column = field === undefined ? 0 : header.fields.indexOf(field);
  return gather(
    rows.map(({ row, fields }) => ({ row, value: toNumber(fields[column] ?? "") })),
    header.row,
  );
}

function gather(numbers: readonly { value: number; row: string }[], header: string | null): Values {
  const values: Value[] = [];
  for (const [index, { value, row }] of numbers.entries())
    if (Number.isFinite(value)) values.push({ value, index, row: row.slice(0, REDUCE_LIMITS.rowCharsMax) });
  return { values, missing: numbers.length - values.length, header };
}

function toNumber(text: string): number {
  return text.trim() === "" ? Number.NaN : Number(text);
}

function memberOf(document: string, field: string | undefined): number {
  try {
    let value: unknown = JSON.parse(document);
    for (const name of field === undefined ? [] : field.split(".")) {
      if (typeof value !== "object" || value === null || !Object.hasOwn(value, name)) return Number.NaN;
      value = (value as Record<string, unknown>)[name];
    }
    return typeof value === "number" ? value : Number.NaN;
  } catch {
    return Number.NaN;
  }
}

/** The records of a table (RFC 4180), as they stand and as fields; empty lines are left out. */
function splitCsv(text: string): { row: string; fields: string[] }[] {
  const records: { row: string; fields: string[] }[] = [];
  let fields: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g)) {
    const [whole, quoted, plain = "", end] = match;
    fields.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    const row = text.slice(start, match.index + whole.length - (end?.length ?? 0));
    if (row !== "") records.push({ row, fields });
    fields = [];
    start = match.index + whole.length;
    if (end === "") break;
  }
  return records;
}
