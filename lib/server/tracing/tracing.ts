import "server-only";
import { AsyncLocalStorage } from "node:async_hooks";
import { type Attributes, ROOT_CONTEXT, type Span, SpanKind, SpanStatusCode, type Tracer, trace } from "@opentelemetry/api";

export type Tracing = { tracer: Tracer; end: () => Promise<void> };
type Held = Tracing & { current: AsyncLocalStorage<Span> };

const held = globalThis as typeof globalThis & { shoalTracing?: Held };

/**
 * What this process tells of its work from now on. It hangs on the global object because a development server loads modules anew, and not on OpenTelemetry's own global: that
 * one would also make the framework tell of its insides.
 */
export function holdTracing(tracing: Tracing): void {
  held.shoalTracing = { ...tracing, current: new AsyncLocalStorage() };
}

/** Sends what was not sent yet and tells no more; for a process that ends. */
export async function endTracing(): Promise<void> {
  const tracing = held.shoalTracing;
  delete held.shoalTracing;
  await tracing?.end();
}

type Shape = { name: string; kind: "server" | "client" | "internal"; attributes: Attributes };
const KINDS = { server: SpanKind.SERVER, client: SpanKind.CLIENT, internal: SpanKind.INTERNAL } as const;

/**
 * Runs `body` as a span under the one that is running, if traces are told at all; `shape` is asked only then. What `body` throws is thrown on, and its kind noted without its
 * message, which could hold what people sent. `note` adds what is known at the end.
 */
export async function inSpan<T>(shape: () => Shape, body: () => PromiseLike<T>, note?: (value: T) => Attributes): Promise<T> {
  const tracing = held.shoalTracing;
  if (!tracing) return await body();
  const { name, kind, attributes } = shape();
  const parent = tracing.current.getStore();
  const span = tracing.tracer.startSpan(name, { kind: KINDS[kind], attributes }, parent ? trace.setSpan(ROOT_CONTEXT, parent) : ROOT_CONTEXT);
  try {
    const value = await tracing.current.run(span, body);
    if (note) span.setAttributes(note(value));
    return value;
  } catch (error) {
    span.setStatus({ code: SpanStatusCode.ERROR });
    span.setAttribute("error.type", kindOf(error));
    throw error;
  } finally {
    span.end();
  }
}

function kindOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  return "code" in error && typeof error.code === "string" ? `${error.name} ${error.code}` : error.name;
}
