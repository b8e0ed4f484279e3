import { type Endpoint, KEY_SCOPES } from "../../lib/protocol/endpoint.ts";
import { refusalsOf } from "../../lib/protocol/refusals.ts";
import { type OpenApi, type Operation, openApi, type Schema } from "./openapi.ts";

const WHO: Record<Endpoint["auth"], string> = {
  public: "anybody",
  account: "an account, or an API key of it",
  session: "an account in a session, no API key",
  device: "a device",
  "account-or-device": "an account, an API key of it, or a device",
};

/** docs/reference/api.md: every endpoint with what it takes, what it answers and what it refuses with. */
export function apiReference(endpoints: readonly Endpoint[]): string {
  const document = openApi(endpoints);
  const common = commonTo(endpoints);
  const rooms = Map.groupBy(endpoints, ({ path }) => path.split("/")[3] ?? "");
  return `<!-- Generated from lib/protocol by scripts/generate-reference.ts; do not edit. -->

# API

Every endpoint of the protocol: who may call it, what it takes, what it answers, and each code that it refuses with. How a client works with them is told in
[the protocol](protocol.md), what each code means in [errors](errors.md). For programs the same stands in the OpenAPI 3.1 document
[openapi.v1.json](../../public/schema/openapi.v1.json).

An API key has scopes: ${KEY_SCOPES.map((scope) => `\`${scope}\``).join(", ")}. Where an endpoint names one, a key without it is refused with [key_scope](errors.md#key_scope).

Every endpoint can also refuse with ${listCodes(common)}.

Contents: ${[...rooms.keys()].map((room) => `[${room}](#${room})`).join(" · ")}

${[...rooms].map(([room, inside]) => `## ${room}\n\n${inside.map((endpoint) => sectionOf(endpoint, document, common)).join("\n")}`).join("\n")}`;
}

/** Codes that every endpoint gives; they stand once, above the endpoints. */
function commonTo(endpoints: readonly Endpoint[]): string[] {
  const all = endpoints.map((endpoint) => new Set<string>(refusalsOf(endpoint)));
  return [...(all[0] ?? [])].filter((code) => all.every((codes) => codes.has(code)));
}

function sectionOf(endpoint: Endpoint, document: OpenApi, common: readonly string[]): string {
  const { name, method, path, auth, scope, summary } = endpoint;
  const operation = document.paths[path]?.[method.toLowerCase()] as Operation;
  const refusals = refusalsOf(endpoint).filter((code) => !common.includes(code));
  const rows = inputRows(operation);
  const parts = [
    `### ${name}`,
    `\`${method} ${path}\` · ${WHO[auth]}${scope ? ` with \`${scope}\`` : ""}`,
    plainText(summary),
    ...(name === "createJob" ? ["It takes a [job.json](job-json.md) in which artifacts are digests, and `terms`, the version of the terms agreed to."] : []),
    ...(rows.length > 0 && name !== "createJob" ? [`| takes | in | type |\n|---|---|---|\n${rows.join("\n")}`] : []),
    `Answers ${answerOf(endpoint, document, operation)}.`,
    ...(refusals.length > 0 ? [`Refuses with ${listCodes(refusals)}.`] : []),
  ];
  return `${parts.join("\n\n")}\n`;
}

function listCodes(codes: readonly string[]): string {
  return codes.map((code) => `[${code}](errors.md#${code})`).join(", ");
}

function inputRows({ parameters, requestBody }: Operation): string[] {
  const body = requestBody?.content["application/json"]?.schema;
  const bytes = requestBody?.content["application/octet-stream"] ? ["| the bytes | body | bytes |"] : [];
  const inBody = Object.entries(body?.properties ?? {}).map(([name, schema]) =>
    rowOf(name, "body", { schema, isRequired: body?.required?.includes(name) ?? false }),
  );
  return [
    ...parameters.map((parameter) => rowOf(parameter.name, parameter.in, { schema: parameter.schema, isRequired: parameter.required })),
    ...inBody,
    ...bytes,
  ];
}

function rowOf(name: string, place: string, { schema, isRequired }: { schema: Schema; isRequired: boolean }): string {
  return `| \`${name}\`${isRequired ? "" : ", optional"} | ${place} | ${typeOf(schema).replaceAll("|", "\\|")} |`;
}

function answerOf({ answer, output }: Endpoint, document: OpenApi, operation: Operation): string {
  if (answer === "bytes" || !output) return "bytes";
  const response = operation.responses["200"];
  const ref = response && "content" in response ? String(response.content["application/json"]?.schema?.$ref) : "";
  const schema = document.components.schemas[ref.split("/").at(-1) ?? ""] ?? {};
  const fields = Object.entries(schema.properties ?? {}).map(([name, field]) => `\`${name}\`: ${typeOf(field)}`);
  return fields.length > 0 ? `with ${fields.join("; ")}` : typeOf(schema);
}

/** A type in a few words; what is inside of objects stands in the OpenAPI document. */
function typeOf(schema: Schema): string {
  const { type, const: constant, enum: values, items } = schema;
  const options = (schema.anyOf ?? schema.oneOf) as Schema[] | undefined;
  if (constant !== undefined) return `\`${JSON.stringify(constant)}\``;
  if (Array.isArray(values)) return values.map((value) => `\`${String(value)}\``).join(", ");
  if (options) return [...new Set(options.map(typeOf))].join(" or ");
  if (type === "array") return `list of ${typeOf((items as Schema | undefined) ?? {})}`;
  return (
    ({ integer: "whole number", number: "number", string: stringOf(schema), boolean: "true or false", null: "null" } as Record<string, string>)[type ?? ""] ??
    "object"
  );
}

function stringOf({ format, pattern }: Schema): string {
  if (format === "date-time") return "moment";
  const prefix = /^\^?([a-z]{3})_/.exec(String(pattern ?? ""))?.[1];
  return prefix ? `id \`${prefix}_…\`` : "text";
}

function plainText(text: string): string {
  return text.replaceAll("<", "&lt;").replace(/\{(\w+)\}/g, "`{$1}`");
}
