import "server-only";
import { randomUUID } from "node:crypto";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Endpoint, InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { refusalsOf } from "#lib/protocol/refusals.ts";
import { findPrincipal } from "../accounts/find-principal.ts";
import { checkKeyJob } from "../accounts/keys/charge-key.ts";
import type { Context, Services } from "../context.ts";
import { createLog } from "../log.ts";
import { getMetrics } from "../metrics/metrics.ts";
import { getProcessRecord } from "../operations/process-record.ts";
import { type Principal, requireAccount, requireDevice, requireSession } from "../principal.ts";
import { getServices } from "../services.ts";
import { inSpan } from "../tracing/tracing.ts";
import { checkOrigin } from "./check-origin.ts";
import { corsHeaders } from "./cors.ts";
import { admitCaller, admitRequest } from "./rate-limits.ts";
import { readIdempotency } from "./read-idempotency.ts";
import { bodyOf, hasUnreadBody, readInput } from "./read-input.ts";
import { renderBytes, renderError, renderJson } from "./render.ts";

/** A door: what Next mounts as a route handler, and the gateway on a bare server. */
export type Door = (request: Request) => Promise<Response>;
type ServicesSource = () => Promise<Services>;

/**
 * The door of an endpoint: parses, finds the principal, calls the command, answers, and turns errors into the wire's form, in this one place.
 * `services` are the process's own unless given.
 */
export function handle<In extends z.ZodType, Out extends z.ZodType>(
  endpoint: Endpoint<In, Out>,
  command: (ctx: Context, input: z.output<In>) => Promise<z.input<Out>>,
  services: ServicesSource = getServices,
): Door {
  return door(endpoint, services, async (ctx, request) => {
    const input = await readFor(ctx, endpoint, request);
    return renderJson(endpoint.output.parse(await command({ ...ctx, idempotency: readIdempotency(endpoint, request, input) }, input)));
  });
}

/** The same for a command that also sets headers, such as a cookie. */
export function handleWithHeaders<E extends Endpoint>(
  endpoint: E,
  command: (ctx: Context, input: InputOf<E>) => Promise<{ output: OutputOf<E>; headers: Record<string, string> }>,
  services: ServicesSource = getServices,
): Door {
  return door(endpoint, services, async (ctx, request) => {
    const { output, headers } = await command(ctx, (await readFor(ctx, endpoint, request)) as InputOf<E>);
    return renderJson(endpoint.output.parse(output), { headers });
  });
}

/** The same for a command that takes the body as a stream of bytes. */
export function handleUpload<E extends Endpoint>(
  endpoint: E,
  command: (ctx: Context, input: InputOf<E>, body: AsyncIterable<Uint8Array>) => Promise<OutputOf<E>>,
  services: ServicesSource = getServices,
): Door {
  return door(endpoint, services, async (ctx, request) =>
    renderJson(endpoint.output.parse(await command(ctx, (await readFor(ctx, endpoint, request)) as InputOf<E>, bodyOf(request)))),
  );
}

export type ByteAnswer = { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> };
export type DownloadRequest = { range: string | null; ifNoneMatch: string | null };

/** The same for a command that answers with bytes; it sees which part is asked for, and which version the browser has. */
export function handleDownload<E extends Endpoint>(
  endpoint: E,
  command: (ctx: Context, input: InputOf<E>, request: DownloadRequest) => Promise<ByteAnswer>,
  services: ServicesSource = getServices,
): Door {
  return door(endpoint, services, async (ctx, request) => {
    const { headers } = request;
    const asked = { range: headers.get("range"), ifNoneMatch: headers.get("if-none-match") };
    return renderBytes(await command(ctx, (await readFor(ctx, endpoint, request)) as InputOf<E>, asked), ctx.log);
  });
}

/** The input of a request, once it is known that the key behind it may name what it names. */
async function readFor<In extends z.ZodType>({ principal }: Context, endpoint: Endpoint<In>, request: Request): Promise<z.output<In>> {
  const input = await readInput(endpoint, request);
  if (principal.kind === "account" && !endpoint.path.startsWith("/api/v1/keys/current")) checkKeyJob(principal.key, input);
  return input;
}

function door(endpoint: Endpoint, source: ServicesSource, answer: (ctx: Context, request: Request) => Promise<Response>): Door {
  return async (request) => {
    const startedMs = performance.now();
    const requestId = randomUUID();
    const response = await inSpan(
      () => ({
        name: endpoint.name,
        kind: "server",
        attributes: { "http.request.method": endpoint.method, "http.route": endpoint.path, "shoal.request_id": requestId },
      }),
      () => answerOrRefuse(endpoint, { source, answer, request, requestId }),
      ({ status }) => ({ "http.response.status_code": status }),
    );
    response.headers.set("x-request-id", requestId);
    const allowed = (await source().catch(() => null))?.config.corsOrigins ?? [];
    for (const [name, value] of Object.entries(corsHeaders(request.headers.get("origin"), allowed))) response.headers.set(name, value);
    getMetrics().requestSeconds.observe({ endpoint: endpoint.name, status: String(response.status) }, (performance.now() - startedMs) / 1000);
    return response;
  };
}

type Call = { source: ServicesSource; answer: (ctx: Context, request: Request) => Promise<Response>; request: Request; requestId: string };

async function answerOrRefuse(endpoint: Endpoint, { source, answer, request, requestId }: Call): Promise<Response> {
  let log: Logger | null = null;
  try {
    const services = await source();
    log = services.log.child({ requestId });
    const address = await admitRequest(services, request, endpoint.name);
    const principal = await findPrincipal(services, request);
    await admitCaller(services, principal);
    checkOrigin(request, principal, services.config.origin);
    admit(endpoint, principal);
    return await answer({ ...services, log, principal, address }, request);
  } catch (error) {
    const own = log ?? createLog({ logLevel: "error" });
    noteRefusal(endpoint, error, own);
    return renderError(error, { log: own, where: endpoint.name, close: hasUnreadBody(request) });
  }
}

/** Counts it, and says so where the protocol does not name it: clients read there what they have to expect. */
function noteRefusal(endpoint: Endpoint, error: unknown, log: Logger): void {
  const code = error instanceof ApiError ? error.code : "internal";
  const record = getProcessRecord();
  record.noteRefusal(code);
  getMetrics().refusals.inc({ code });
  if (refusalsOf(endpoint).includes(code)) return;
  record.noteUnnamed(endpoint.name, code);
  log.error({ code, where: endpoint.name }, "a refusal that the protocol does not name");
}

/** Turns away who cannot be meant; what a command asks beyond that is its own affair. */
function admit(endpoint: Endpoint, principal: Principal): void {
  if (endpoint.auth === "account") requireAccount(principal, endpoint.scope);
  if (endpoint.auth === "session") requireSession(principal);
  if (endpoint.auth === "device") requireDevice(principal);
  if (endpoint.auth === "account-or-device" && principal.kind === "anonymous") throw new ApiError("unauthenticated");
}
