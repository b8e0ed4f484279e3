/*
 * Pages of other origins speak to the API with a key that their own code puts into each request, and never with what a browser sends by itself: no answer allows
 * credentials, so that a browser neither sends cookies nor shows what came with them.
 */

const METHODS = "GET, POST, PUT, DELETE";
/** What requests of the SDK carry beside what every page may send. */
const REQUEST_HEADERS = "authorization, content-type, idempotency-key, if-none-match, range";
/** What answers carry beside what every page may read. */
const ANSWER_HEADERS = "content-disposition, content-range, etag, retry-after, x-request-id, x-shoal-final, x-shoal-shards";
const PREFLIGHT_S = 7200;

/** What an answer to a request from a page of `origin` says about who may read it. Nothing where no other origin may; else at least that it depends on the asker. */
export function corsHeaders(origin: string | null, allowed: readonly string[]): Record<string, string> {
  if (allowed.length === 0) return {};
  if (origin === null || !allowed.includes(origin)) return { vary: "Origin" };
  return { vary: "Origin", "access-control-allow-origin": origin, "access-control-expose-headers": ANSWER_HEADERS };
}

/** The answer to a browser that asks, before a request of a page elsewhere, whether it may send it; without the headers that allow it the browser does not. */
export function answerPreflight(origin: string | null, allowed: readonly string[]): Response {
  const headers = corsHeaders(origin, allowed);
  if (!headers["access-control-allow-origin"]) return new Response(null, { status: 204, headers: { vary: "Origin" } });
  return new Response(null, {
    status: 204,
    headers: {
      vary: "Origin",
      "access-control-allow-origin": headers["access-control-allow-origin"],
      "access-control-allow-methods": METHODS,
      "access-control-allow-headers": REQUEST_HEADERS,
      "access-control-max-age": String(PREFLIGHT_S),
    },
  });
}
