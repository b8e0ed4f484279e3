/** Next calls this once when the server starts: every request is stamped with the address it comes from before anything else sees it. */
export async function register(): Promise<void> {
  if (process.env.NEXT_RUNTIME !== "nodejs") return;
  const { subscribe } = await import("node:diagnostics_channel");
  const { stampAddress } = await import("#lib/server/http/request-address.ts");
  subscribe("http.server.request.start", (message) => stampAddress((message as { request: Parameters<typeof stampAddress>[0] }).request));
}
