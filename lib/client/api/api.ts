import type { Endpoint, InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError, ERROR_CODES, type ErrorCode, type WireError } from "#lib/protocol/errors.ts";

/** The instance could not be reached; nothing is known about whether the request arrived. */
export class OfflineError extends Error {
  override name = "OfflineError";
}

export type ApiOptions = {
  /** Origin of the instance, without a slash at the end; empty for the page's own. */
  baseUrl: string;
  fetch?: typeof fetch;
  /** An API key or device token, asked for before every call. */
  token?: () => Promise<string | null>;
};

export type CallOptions = {
  signal?: AbortSignal | undefined;
  body?: BodyInit | undefined;
  keepalive?: boolean | undefined;
  /** The same for every attempt of one intention: a repeat is answered with what the first attempt made. */
  idempotencyKey?: string | undefined;
};

/** Typed calls of the protocol. Errors arrive as the same ApiError the server threw; a lost connection as OfflineError. */
export type Api = {
  call<E extends Endpoint>(endpoint: E, input: InputOf<E>, options?: CallOptions): Promise<OutputOf<E>>;
  /** For answers that are bytes: the response itself, once it is known to be a success. */
  open<E extends Endpoint>(endpoint: E, input: InputOf<E>, options?: CallOptions): Promise<Response>;
};

export function createApi(options: ApiOptions): Api {
  const open: Api["open"] = async (endpoint, input, callOptions = {}) => {
    const token = options.token ? await options.token() : null;
    const response = await send(options, buildRequest(endpoint, input as Record<string, unknown>, callOptions), { ...callOptions, token });
    if (!response.ok) throw await errorOf(response);
    return response;
  };
  return {
    open,
    call: async (endpoint, input, callOptions) =>
      (await readAnswer(await open(endpoint, input, callOptions), callOptions?.signal)) as OutputOf<typeof endpoint>,
  };
}

type Prepared = { method: string; path: string; json: string | null };

/** Path parameters go into the path, the rest into the query or the JSON body. */
function buildRequest(endpoint: Endpoint, input: Record<string, unknown>, options: CallOptions): Prepared {
  const rest = { ...input };
  const path = endpoint.path.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = rest[name];
    delete rest[name];
    return encodeURIComponent(String(value));
  });
  const hasJson = endpoint.body !== "bytes" && endpoint.method !== "GET" && endpoint.method !== "DELETE" && options.body === undefined;
  if (hasJson) return { method: endpoint.method, path, json: JSON.stringify(rest) };
  const query = new URLSearchParams(Object.entries(rest).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])));
  return { method: endpoint.method, path: query.size > 0 ? `${path}?${query}` : path, json: null };
}

async function send(api: ApiOptions, request: Prepared, options: CallOptions & { token: string | null }): Promise<Response> {
  const headers: Record<string, string> = {};
  if (options.token) headers.authorization = `Bearer ${options.token}`;
  if (options.idempotencyKey !== undefined) headers["idempotency-key"] = options.idempotencyKey;
  if (request.json !== null) headers["content-type"] = "application/json";
  const body = request.json ?? options.body ?? null;
  const init: RequestInit & { duplex?: "half" } = {
    method: request.method,
    headers,
    body,
    signal: options.signal ?? null,
    keepalive: options.keepalive ?? false,
  };
  if (body instanceof ReadableStream) init.duplex = "half";
  try {
    return await (api.fetch ?? fetch)(api.baseUrl + request.path, init);
  } catch (cause) {
    if (options.signal?.aborted) throw options.signal.reason;
    throw new OfflineError("The instance cannot be reached.", { cause });
  }
}

/** An answer that breaks off, or that something in between replaced, is as good as none. */
async function readAnswer(response: Response, signal?: AbortSignal): Promise<unknown> {
  try {
    return await response.json();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    throw new OfflineError("The instance's answer did not arrive whole.", { cause });
  }
}

async function errorOf(response: Response): Promise<Error> {
  const body: unknown = await response.json().catch(() => null);
  const error = (body as { error?: Partial<WireError> } | null)?.error;
  if (error?.code && Object.hasOwn(ERROR_CODES, error.code)) return new ApiError(error.code as ErrorCode, error.params ?? {});
  // A proxy or an older server in between: nothing of its answer can be trusted to mean anything.
  return response.status >= 500
    ? new OfflineError(`The instance answered ${response.status}.`)
    : new ApiError("bad_request", { field: "(request)", problem: `the instance answered ${response.status}` });
}
