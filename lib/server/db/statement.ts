import "server-only";
import { createHash } from "node:crypto";

/** A value for a json or jsonb column. */
export class Json {
  readonly value: unknown;
  constructor(value: unknown) {
    this.value = value;
  }
  /** What the driver sends. */
  toPostgres(): string {
    return JSON.stringify(this.value);
  }
}

/** `(a, b) values (…), (…)` for an insert; every row has the first one's columns. */
export class Rows {
  readonly rows: readonly Record<string, unknown>[];
  constructor(rows: readonly Record<string, unknown>[]) {
    this.rows = rows;
  }
}

/** A name of a table, column or database, quoted. */
export class Identifier {
  readonly name: string;
  constructor(name: string) {
    this.name = name;
  }
}

/** The text of a tagged template and what stands in its gaps; gaps may hold further templates. */
export type Template = { strings: TemplateStringsArray; values: readonly unknown[] };

/** A statement as PostgreSQL takes it; each connection prepares it once under its name, and equal names have equal text. */
export type Statement = { text: string; values: (string | Buffer | null)[]; name: string };

const NAME_CHARS = 24;

const names = new Map<string, string>();
/** Texts vary only with the fragments that stores put together, so that this bound is never met by them. */
const NAMES_MAX = 10_000;

/** Puts a template together: values become parameters, never text. Refuses `undefined`, which is always a mistake of the caller. */
export function buildStatement(template: Template, isTemplate: (value: unknown) => value is Template): Statement {
  const casts = castsOf(template.values, isTemplate);
  if (casts === null) return buildAnew(template, isTemplate);
  const known = wordings.get(template.strings)?.get(casts);
  if (known) return { ...known, values: template.values.map(wireValueOf) };
  const statement = buildAnew(template, isTemplate);
  const ofTemplate = wordings.get(template.strings) ?? new Map<string, Wording>();
  wordings.set(template.strings, ofTemplate.set(casts, { text: statement.text, name: statement.name }));
  return statement;
}

type Wording = Pick<Statement, "text" | "name">;
/** What a template without others in it says, by the casts of its values: the same each time, and long. */
const wordings = new WeakMap<TemplateStringsArray, Map<string, Wording>>();

/** The casts of all values in a row; null where a value is more than one. */
function castsOf(values: readonly unknown[], isTemplate: (value: unknown) => value is Template): string | null {
  let casts = "";
  for (const value of values) {
    if (typeof value === "object" && value !== null && (isTemplate(value) || value instanceof Rows || value instanceof Identifier)) return null;
    casts += `${castOf(value)},`;
  }
  return casts;
}

function buildAnew(template: Template, isTemplate: (value: unknown) => value is Template): Statement {
  const statement: Statement = { text: "", values: [], name: "" };
  append(statement, template, isTemplate);
  statement.name = nameOf(statement.text);
  return statement;
}

/** Quotes a name so that it can stand in a statement whatever it holds. */
function quoteIdentifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

function append(to: Statement, { strings, values }: Template, isTemplate: (value: unknown) => value is Template): void {
  to.text += strings[0];
  for (const [i, value] of values.entries()) {
    if (isTemplate(value)) append(to, value, isTemplate);
    else if (value instanceof Rows) appendRows(to, value.rows);
    else if (value instanceof Identifier) to.text += quoteIdentifier(value.name);
    else appendValue(to, value);
    to.text += strings[i + 1];
  }
}

function appendRows(to: Statement, rows: readonly Record<string, unknown>[]): void {
  const columns = Object.keys(rows[0] ?? {});
  if (columns.length === 0) throw new Error("An insert needs a row with a column.");
  to.text += `(${columns.map(quoteIdentifier).join(", ")}) values `;
  for (const [i, row] of rows.entries()) {
    to.text += i === 0 ? "(" : ", (";
    for (const [j, column] of columns.entries()) {
      if (j > 0) to.text += ", ";
      appendValue(to, row[column]);
    }
    to.text += ")";
  }
}

function appendValue(to: Statement, value: unknown): void {
  to.values.push(wireValueOf(value));
  to.text += `$${to.values.length}${castOf(value)}`;
}

/** A value as PostgreSQL takes it: text, bytes or null. */
function wireValueOf(value: unknown): string | Buffer | null {
  if (value === undefined) throw new Error("A statement got undefined where a value or null belongs.");
  if (value === null) return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return literalOf(value) ?? quotedLiteralOf(value);
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  if (value instanceof Json) return value.toPostgres();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** The literal of an array whose elements may hold anything. */
function quotedLiteralOf(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return quotedLiteralOf(value);
    const element = wireValueOf(value);
    if (element === null) return "NULL";
    return `"${(typeof element === "string" ? element : `\\x${element.toString("hex")}`).replaceAll(/[\\"]/g, "\\$&")}"`;
  });
  return `{${elements.join(",")}}`;
}

/** Text that an array literal takes as it is: no quotes, no commas, nothing that could be read as NULL or as a space. */
const PLAIN = /^(?!null$)[\w+/=.:-]+$/i;

/** The literal of an array of numbers and plain text, which is what the exchange sends by the hundred; null for any other, of which every character is looked at. */
function literalOf(values: readonly unknown[]): string | null {
  let literal = "{";
  for (const [i, value] of values.entries()) {
    if (i > 0) literal += ",";
    if (value === null) literal += "NULL";
    else if (typeof value === "number" || (typeof value === "string" && PLAIN.test(value))) literal += value;
    else return null;
  }
  return `${literal}}`;
}

/** Numbers and text take the type of their place; for these the value says it, because the place may not. */
function castOf(value: unknown): string {
  if (value instanceof Date) return "::timestamptz";
  if (value instanceof Uint8Array) return "::bytea";
  if (typeof value === "bigint") return "::int8";
  return typeof value === "boolean" ? "::bool" : "";
}

function nameOf(text: string): string {
  const known = names.get(text);
  if (known !== undefined) return known;
  if (names.size >= NAMES_MAX) names.clear();
  const name = `s${createHash("sha256").update(text).digest("hex").slice(0, NAME_CHARS)}`;
  names.set(text, name);
  return name;
}
