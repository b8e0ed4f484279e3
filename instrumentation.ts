/** A request head must be complete this soon; a body may take as long as Node lets it, for large inputs come through here. */
const HEADERS_TIMEOUT_MS = 10_000;

/**
 * Next calls this once when the server starts: every request is stamped with the address it comes from before anything else sees it, and its server waits for
 * slow heads no longer than the gateway does.
 */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { subscribe } = await import("node:diagnostics_channel");
  const { stampAddress } = await import("#lib/server/http/request-address.ts");
  subscribe("http.server.request.start", (message) => {
    const { request, server } = message as { request: Parameters<typeof stampAddress>[0]; server: { headersTimeout: number } };
    server.headersTimeout = HEADERS_TIMEOUT_MS;
    stampAddress(request);
  });
}
