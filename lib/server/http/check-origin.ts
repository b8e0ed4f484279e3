import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";

/**
 * Refuses a write that a browser sends on behalf of another site. Only requests that carry the session cookie need it: keys and tokens are put into
 * a request by its own code, never by the browser.
 */
export function checkOrigin(request: Request, origin: string): void {
  if (request.method === "GET" || request.method === "HEAD" || !request.headers.has("cookie")) return;
  const from = request.headers.get("origin");
  const site = request.headers.get("sec-fetch-site");
  if (from !== null ? from !== origin : site !== null && site !== "same-origin" && site !== "none") throw new ApiError("wrong_origin");
}
