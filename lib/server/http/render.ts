import "server-only";
import { randomBytes } from "node:crypto";
import type { Logger } from "pino";
import { ApiError, errorMessage, type WireError } from "#lib/protocol/errors.ts";
import { getProcessRecord } from "../operations/process-record.ts";
import { textResponse } from "./bare-bodies.ts";

const HEADERS = { "cache-control": "no-store", "x-content-type-options": "nosniff" };

/** A JSON answer that nobody keeps. */
export function renderJson(body: unknown, options: { status?: number; headers?: Record<string, string> } = {}): Response {
  return textResponse(JSON.stringify(body), { status: options.status ?? 200, headers: { ...HEADERS, "content-type": "application/json", ...options.headers } });
}

/** A stream of bytes as an answer, or none where the status says that the client has them; reading stops when the client leaves. A failure in the middle is logged and breaks the connection off. */
export function renderBytes(answer: { status: number; headers: Record<string, string>; body: AsyncIterable<Uint8Array> }, log: Logger): Response {
  if (answer.status === 304) return new Response(null, { status: 304, headers: { ...HEADERS, ...answer.headers } });
  const iterator = answer.body[Symbol.asyncIterator]();
  const stream = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await iterator.next().catch((error: unknown) => {
        log.error({ err: error }, "an answer broke off");
        throw error;
      });
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel() {
      await iterator.return?.();
    },
  });
  return new Response(stream, { status: answer.status, headers: { ...HEADERS, ...answer.headers } });
}

export type Failure = { log: Logger; where: string /** Whether the connection has to end with the answer. */; close: boolean };

/** An error as the wire knows it. What is not an ApiError is a fault of ours: it is logged whole under a reference and shown as nothing but that. */
export function renderError(error: unknown, { log, where, close }: Failure): Response {
  const headers: Record<string, string> = close ? { connection: "close" } : {};
  if (error instanceof ApiError) {
    const body: WireError = { code: error.code, params: error.params, message: error.message };
    const { seconds } = error.params;
    if (seconds !== undefined && error.remedy === "later") headers["retry-after"] = String(seconds);
    return renderJson({ error: body }, { status: error.status, headers });
  }
  const reference = randomBytes(6).toString("hex");
  log.error({ err: error, reference, where }, "request failed");
  getProcessRecord().noteFault(where, reference, error);
  const params = { reference };
  return renderJson({ error: { code: "internal", params, message: errorMessage("internal", params) } satisfies WireError }, { status: 500, headers });
}
