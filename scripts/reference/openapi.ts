import { z } from "zod";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";
import { ERROR_CODES, type ErrorCode } from "../../lib/protocol/errors.ts";
import { refusalsOf } from "../../lib/protocol/refusals.ts";

/** A part of a JSON Schema, as far as it is looked at here. */
export type Schema = { [keyword: string]: unknown; type?: string; properties?: Record<string, Schema>; required?: string[] };
type Content = { content: Record<string, { schema?: Schema }> };
export type Parameter = { name: string; in: "path" | "query" | "header"; required: boolean; schema: Schema };
export type Operation = {
  operationId: string;
  summary: string;
  security: Record<string, string[]>[];
  parameters: Parameter[];
  requestBody?: { required: boolean } & Content;
  responses: Record<string, ({ description: string } & Content) | { $ref: string }>;
};
export type OpenApi = {
  openapi: "3.1.0";
  info: Record<string, unknown>;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; responses: Record<string, { description: string } & Content>; securitySchemes: Record<string, unknown> };
};

const SECURITY_SCHEMES = {
  session: { type: "apiKey", in: "cookie", name: "shoal_session", description: "An owner in a browser, after signing in." },
  apiKey: { type: "http", scheme: "bearer", description: "An API key of an account, which begins with shoal_; the scope it needs is beside it." },
  device: { type: "http", scheme: "bearer", description: "The token from a device's registration." },
};

const IDEMPOTENCY_KEY: Parameter = {
  name: "Idempotency-Key",
  in: "header",
  required: false,
  schema: {
    type: "string",
    pattern: "^[!-~]{1,200}$",
    description: "The same for each attempt at one thing: a repeat within a week is answered with what the first request made, and refused with another input.",
  },
};

/** The OpenAPI 3.1 document of these endpoints. Answers that several share stand once, under the name of the first. */
export function openApi(endpoints: readonly Endpoint[]): OpenApi {
  const paths: OpenApi["paths"] = {};
  const schemas: Record<string, Schema> = {};
  const names = new Map<z.ZodType, string>();
  for (const endpoint of endpoints) {
    if (endpoint.answer !== "bytes" && !names.has(endpoint.output)) {
      const name = `${endpoint.name}Answer`;
      names.set(endpoint.output, name);
      schemas[name] = schemaOf(endpoint.output, "output");
    }
    const path = paths[endpoint.path] ?? {};
    path[endpoint.method.toLowerCase()] = operationOf(endpoint, names.get(endpoint.output));
    paths[endpoint.path] = path;
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Shoal",
      version: "1",
      description: "Made from lib/protocol. docs/reference/protocol.md says how a client works, docs/reference/errors.md what each code means.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    paths,
    components: { schemas, responses: errorResponses(endpoints), securitySchemes: SECURITY_SCHEMES },
  };
}

function operationOf(endpoint: Endpoint, answerName: string | undefined): Operation {
  const { name, method, path, summary, body } = endpoint;
  const { properties = {}, required = [], ...rest } = schemaOf(endpoint.input, "input");
  const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, field = ""]) => field);
  const others = Object.keys(properties).filter((field) => !inPath.includes(field));
  const hasJson = body !== "bytes" && method !== "GET" && method !== "DELETE";
  const parameter = (field: string, place: Parameter["in"]): Parameter => ({
    name: field,
    in: place,
    required: place === "path" || required.includes(field),
    schema: properties[field] ?? {},
  });
  const json: Schema = { ...rest, properties: Object.fromEntries(others.map((field) => [field, properties[field] ?? {}])) };
  const jsonRequired = required.filter((field) => others.includes(field));
  if (jsonRequired.length > 0) json.required = jsonRequired;
  return {
    operationId: name,
    summary,
    security: securityOf(endpoint),
    parameters: [
      ...inPath.map((field) => parameter(field, "path")),
      ...(hasJson ? [] : others.map((field) => parameter(field, "query"))),
      ...(endpoint.isIdempotent ? [IDEMPOTENCY_KEY] : []),
    ],
    ...(hasJson ? { requestBody: { required: jsonRequired.length > 0, content: { "application/json": { schema: json } } } } : {}),
    ...(body === "bytes" ? { requestBody: { required: true, content: { "application/octet-stream": {} } } } : {}),
    responses: { ...successOf(endpoint, answerName), ...errorsOf(endpoint) },
  };
}

function schemaOf(schema: z.ZodType, io: "input" | "output"): Schema {
  const { $schema: _, ...made } = z.toJSONSchema(schema, {
    io,
    unrepresentable: "any",
    // Within a version fields are added to answers, and a client ignores those that it does not know.
    override: ({ zodSchema, jsonSchema }) => {
      const { def } = zodSchema._zod;
      if (def.type === "object" && !("catchall" in def && def.catchall)) delete jsonSchema.additionalProperties;
    },
  });
  return made as Schema;
}

function securityOf({ auth, scope }: Endpoint): Record<string, string[]>[] {
  const account = [{ session: [] }, { apiKey: scope ? [scope] : [] }];
  if (auth === "account") return account;
  if (auth === "session") return [{ session: [] }];
  if (auth === "device") return [{ device: [] }];
  return auth === "account-or-device" ? [...account, { device: [] }] : [];
}

function successOf({ answer }: Endpoint, answerName: string | undefined): Operation["responses"] {
  if (answer === "bytes") return { "2XX": { description: "The bytes.", content: { "*/*": {} } } };
  const schema = { $ref: `#/components/schemas/${answerName}` };
  return { 200: { description: "Done.", content: { "application/json": { schema } } } };
}

/** What an endpoint refuses with, by status; each status names the codes that it has here. */
function errorsOf(endpoint: Endpoint): Operation["responses"] {
  return Object.fromEntries(byStatus(endpoint).map(({ status, name }) => [status, { $ref: `#/components/responses/${name}` }]));
}

type Refusals = { status: number; codes: ErrorCode[]; name: string };

/** Endpoints that refuse alike under a status share a response, which has the name of its codes. */
function byStatus(endpoint: Endpoint): Refusals[] {
  const groups = Map.groupBy(refusalsOf(endpoint), (code) => ERROR_CODES[code].status);
  return [...groups].sort(([a], [b]) => a - b).map(([status, codes]) => ({ status, codes, name: [status, ...codes].join(".") }));
}

function errorResponses(endpoints: readonly Endpoint[]): OpenApi["components"]["responses"] {
  const all = new Map(endpoints.flatMap(byStatus).map((refusals) => [refusals.name, refusals]));
  return Object.fromEntries(
    [...all.values()]
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, codes }) => [name, { description: `Refused: ${codes.join(", ")}.`, content: { "application/json": { schema: errorSchema(codes) } } }]),
  );
}

function errorSchema(codes: ErrorCode[]): Schema {
  const params = { type: "object", additionalProperties: { type: ["string", "number"] } };
  const error = { type: "object", properties: { code: { enum: codes }, params, message: { type: "string" } }, required: ["code", "params", "message"] };
  return { type: "object", properties: { error }, required: ["error"] };
}
