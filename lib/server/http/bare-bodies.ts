import "server-only";
import type { IncomingMessage } from "node:http";

/*
 * On a bare server what Node has read and what it is to write need not pass through streams of the web: for the exchange they cost a tenth of all it does.
 */
const arriving = new WeakMap<Request, IncomingMessage>();
const texts = new WeakMap<Response, string>();

/** Notes where the body of a request arrives that was made without one. */
export function bringBody(request: Request, incoming: IncomingMessage): void {
  arriving.set(request, incoming);
}

/** Whether a request may have a body. */
export function hasBody(request: Request): boolean {
  return request.body !== null || arriving.has(request);
}

/** The body of a request, whichever way it comes; ending early leaves the connection open for the answer. */
export function chunksOf(request: Request): AsyncIterable<Uint8Array> | null {
  const incoming = arriving.get(request);
  return incoming ? incoming.iterator({ destroyOnReturn: false }) : request.body;
}

/** An answer whose whole text is known. */
export function textResponse(text: string, init: ResponseInit): Response {
  const response = new Response(text, init);
  texts.set(response, text);
  return response;
}

/** The whole text of an answer, where it is known. */
export function textOf(response: Response): string | null {
  return texts.get(response) ?? null;
}
