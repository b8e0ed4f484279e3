import type { OutputFormat } from "../job/job.ts";

/** Rows of texts under their columns. */
export type OutputTable = { columns: string[]; rows: string[][] };

const COLUMNS_MAX = 50;

/** The lines of an output as a table: CSV with its first line as the head, NDJSON with the fields of its objects; null for what is no table. */
export function readTable(lines: readonly string[], format: OutputFormat): OutputTable | null {
  if (lines.length === 0) return null;
  if (format === "csv") {
    const [head = "", ...rows] = lines;
    return { columns: splitCsvLine(head), rows: rows.map(splitCsvLine) };
  }
  return format === "ndjson" ? tableOfObjects(lines) : null;
}

function tableOfObjects(lines: readonly string[]): OutputTable | null {
  const objects = lines.map(readObject);
  if (!objects.every((object) => object !== null)) return null;
  const columns = [...new Set(objects.flatMap((object) => Object.keys(object)))].slice(0, COLUMNS_MAX);
  const write = (value: unknown): string => (value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value));
  return { columns, rows: objects.map((object) => columns.map((column) => write(object[column]))) };
}

function readObject(line: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

/** The fields of one CSV line (RFC 4180); a quote that stays open ends with the line. */
function splitCsvLine(line: string): string[] {
  const fields: string[] = [];
  for (const [, quoted, plain] of line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"?|([^,]*))/g))
    fields.push(quoted === undefined ? (plain ?? "") : quoted.replaceAll('""', '"'));
  return fields;
}
