import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Principal } from "../principal.ts";

/**
 * Refuses a write that another site makes a browser send with its session. Only sessions need it: keys and tokens are put into a request by its own
 * code, never by the browser. Clients that are no browsers name neither origin nor site.
 */
export function checkOrigin(request: Request, principal: Principal, origin: string): void {
  const hasSession = principal.kind === "account" && principal.scopes === null;
  if (!hasSession || request.method === "GET" || request.method === "HEAD") return;
  const from = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (from !== null && from !== origin) throw new ApiError("wrong_origin");
  if (site !== null && site !== "same-origin" && site !== "none") throw new ApiError("wrong_origin");
}
