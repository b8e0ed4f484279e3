import "server-only";
import type { z } from "zod";
import { describeIssue } from "#lib/protocol/describe-issue.ts";
import type { Endpoint } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { chunksOf, hasBody } from "./bare-bodies.ts";

const BODY_BYTES_MAX_DEFAULT = 64 * 1024;

/**
 * The validated input of a request: the path's parameters, and the query or the JSON body, in one object. Refuses with the first field that is wrong.
 * A body is read no further than the endpoint's limit.
 */
export async function readInput<In extends z.ZodType>(endpoint: Endpoint<In>, request: Request): Promise<z.output<In>> {
  const url = new URL(request.url);
  const fromPath = pathParameters(endpoint.path, url.pathname);
  const hasJsonBody = endpoint.body !== "bytes" && endpoint.method !== "GET" && endpoint.method !== "DELETE";
  const rest = hasJsonBody ? await readJson(request, endpoint.bodyBytesMax ?? BODY_BYTES_MAX_DEFAULT) : queryParameters(url);
  const parsed = endpoint.input.safeParse({ ...rest, ...fromPath });
  if (parsed.success) return parsed.data;
  const { field, problem } = describeIssue(parsed.error.issues[0]);
  throw new ApiError("bad_request", { field: field === "(document)" ? "(body)" : field, problem });
}

function pathParameters(pattern: string, path: string): Record<string, string> {
  const names = pattern.split("/");
  const values = path.split("/");
  const parameters: Record<string, string> = {};
  for (const [i, name] of names.entries()) if (name.startsWith("{")) parameters[name.slice(1, -1)] = decode(values[i] ?? "");
  return parameters;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError("bad_request", { field: "(path)", problem: "it is not valid percent-encoding" });
  }
}

function queryParameters(url: URL): Record<string, string> {
  const parameters: Record<string, string> = {};
  for (const [name, value] of url.searchParams) {
    if (Object.hasOwn(parameters, name)) throw new ApiError("bad_request", { field: name, problem: "it is given twice" });
    Object.defineProperty(parameters, name, { value, enumerable: true, configurable: true });
  }
  return parameters;
}

async function readJson(request: Request, bytesMax: number): Promise<Record<string, unknown>> {
  const bytes = await readBody(request, bytesMax);
  if (bytes.length === 0) return {};
  if (!/^application\/json *(;|$)/i.test(request.headers.get("content-type") ?? "")) throw new ApiError("not_json");
  const value = parseJson(bytes);
  if (typeof value !== "object" || value === null || Array.isArray(value))
    throw new ApiError("bad_request", { field: "(body)", problem: "it must be a JSON object" });
  return value as Record<string, unknown>;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw new ApiError("not_json");
  }
}

async function readBody(request: Request, bytesMax: number): Promise<Uint8Array> {
  const tooLarge = () => new ApiError("too_large", { what: "The request", limit: bytesMax });
  if (Number(request.headers.get("content-length") ?? 0) > bytesMax) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of bodyOf(request)) {
    length += chunk.length;
    if (length > bytesMax) throw tooLarge();
    chunks.push(chunk);
  }
  return chunks.length === 1 ? (chunks[0] as Uint8Array) : Buffer.concat(chunks);
}

const readToEnd = new WeakSet<Request>();

/** Whether bytes of the body may still be on their way. Such a connection cannot carry another request. */
export function hasUnreadBody(request: Request): boolean {
  return hasBody(request) && !readToEnd.has(request);
}

/** The body as a stream; empty where there is none. A client that leaves in the middle ends it with a refusal, not a fault of ours. */
export async function* bodyOf(request: Request): AsyncGenerator<Uint8Array> {
  const iterator = chunksOf(request)?.[Symbol.asyncIterator]();
  if (!iterator) return;
  try {
    for (;;) {
      const { done, value } = await iterator.next().catch((cause: unknown) => {
        throw new ApiError("bad_request", { field: "(body)", problem: "the connection ended before the body did" }, { cause });
      });
      if (done) {
        readToEnd.add(request);
        return;
      }
      yield value;
    }
  } finally {
    iterator.return?.()?.catch(() => {});
  }
}
