import { jobJsonSchema, type SchemaNode } from "./job-json-schema.ts";

/** docs/reference/job-json.md: every field of a submission with its type, default, bounds and meaning. */
export function jobJsonReference(): string {
  return `<!-- Generated from lib/protocol/jobs/job-json.ts by scripts/generate-reference.ts; do not edit. -->

# job.json

One JSON document is a whole submission. In a file on disk an artifact is \`{ "path": "relative/path" }\` or \`{ "sha256": "<64 hex digits>" }\`; clients
upload paths and send digests. Fields that are not listed here are refused. The same as a JSON Schema: [job.v1.json](../../public/schema/job.v1.json).

| field | type | default | meaning |
|---|---|---|---|
${rowsOf("", jobJsonSchema()).join("\n")}

How each way of slicing cuts, with examples, and how large a shard should be: [how an input is cut](../guide/cut-an-input.md).

## What the program sees

Every shard is one run of the program as a WASI command: its arguments are \`program.args\` filled in, stdin is the shard's part of the input, shared files
are \`/data/<name>\` and read-only, \`/tmp\` is memory, the environment holds \`SHOAL_SHARD\` and \`SHOAL_SEED\`. What it writes to stdout is the shard's
output; an exit code other than 0 fails the shard; of stderr the first 64 KiB are kept for the owner.

## Example

\`\`\`json
${JSON.stringify(EXAMPLE, null, 2)}
\`\`\`
`;
}

/** Kept valid by a test. */
export const EXAMPLE = {
  version: 1,
  name: "Protein search",
  topic: "biology",
  program: { runtime: "wasi", artifact: { path: "search.wasm" }, args: ["--database", "/data/database.fasta"] },
  input: { path: "queries.fasta" },
  files: [{ name: "database.fasta", artifact: { path: "database.fasta" } }],
  slicing: { mode: "fasta", recordsPerShard: 1 },
  output: { format: "csv" },
  limits: { timeMsMax: 60_000 },
};

function rowsOf(path: string, node: SchemaNode): string[] {
  const required = new Set(node.required ?? []);
  return Object.entries(node.properties ?? {}).flatMap(([name, child]) => fieldRows(`${path}${name}`, child, required.has(name)));
}

function fieldRows(path: string, node: SchemaNode, isRequired: boolean): string[] {
  const row = `| \`${path}\` | ${typeOf(node)} | ${defaultOf(node, isRequired)} | ${cell(node.description ?? "")} |`;
  const inside = node.items ? { path: `${path}[]`, node: node.items } : { path, node };
  const choice = findChoice(inside.node);
  if (choice) return [row, ...(inside.node.oneOf ?? []).flatMap((option) => optionRows(inside.path, choice, option))];
  return [row, ...rowsOf(`${inside.path}.`, inside.node)];
}

/** The field by which the alternatives of an object differ: a constant of its own in each. */
function findChoice({ oneOf = [] }: SchemaNode): string | undefined {
  return Object.keys(oneOf[0]?.properties ?? {}).find((name) => oneOf.every(({ properties }) => properties?.[name]?.const !== undefined));
}

function optionRows(path: string, choice: string, option: SchemaNode): string[] {
  const { [choice]: chosen, ...fields } = option.properties ?? {};
  const name = `\`${path}.${choice}\` = \`${String(chosen?.const)}\``;
  return [`| ${name} | | | ${cell(option.description ?? "")} |`, ...rowsOf(`${path}.`, { ...option, properties: fields })];
}

function typeOf(node: SchemaNode): string {
  if (node.const !== undefined) return `\`${JSON.stringify(node.const)}\``;
  if (node.enum) return node.enum.map((value) => `\`${String(value)}\``).join(", ");
  if (node.anyOf) return "artifact";
  if (node.type === "array") return listType(node);
  if (node.type === "integer") return numberType("whole number", node);
  if (node.type === "number") return numberType("number", node);
  if (node.type === "string") return node.maxLength === undefined ? "text" : `text of at most ${node.maxLength} characters`;
  return node.oneOf ? "object" : (node.type ?? "");
}

function listType({ items, maxItems }: SchemaNode): string {
  const length = maxItems === undefined ? "list" : `list of at most ${maxItems}`;
  return items?.enum ? `${length}, each ${typeOf(items)}` : length;
}

function numberType(word: string, { minimum, maximum }: SchemaNode): string {
  const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
  const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
  if (low === undefined && high === undefined) return word;
  return high === undefined ? `${word} from ${low}` : `${word} from ${low} to ${high}`;
}

function defaultOf(node: SchemaNode, isRequired: boolean): string {
  if (isRequired) return "required";
  const text = JSON.stringify(node.default);
  // An object whose fields all have defaults says nothing by being empty.
  return text === undefined || text === "{}" ? "" : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|").replaceAll("<", "&lt;");
}
