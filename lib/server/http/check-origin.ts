import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Principal } from "../principal.ts";

/**
 * Refuses what another site makes a browser send with its session: every write, and a read whose answer a script of that site asks for. Only sessions need it: keys and
 * tokens are put into a request by its own code, never by the browser. Clients that are no browsers name neither origin nor site.
 */
export function checkOrigin(request: Request, principal: Principal, origin: string): void {
  const hasSession = principal.kind === "account" && principal.scopes === null;
  if (!hasSession) return;
  const from = request.headers.get("origin");
  if (from !== null && from !== origin) throw new ApiError("wrong_origin");
  // A link elsewhere may lead to a download.
  if (request.method === "GET" || request.method === "HEAD") return;
  const site = request.headers.get("sec-fetch-site");
  if (site !== null && site !== "same-origin" && site !== "none") throw new ApiError("wrong_origin");
}
