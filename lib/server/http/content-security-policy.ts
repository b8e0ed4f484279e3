/**
 * Where the inline scripts of a page get their leave: by their own digests in a page that the build made; in a page that is made now by a nonce, or by
 * their digests where they are constants of ours.
 */
export type ScriptSource = { kind: "hashes"; sha256: readonly string[] } | { kind: "nonce"; nonce: string; sha256: readonly string[] };

/**
 * What a page may load and do. No inline script runs but those of the page itself. `'wasm-unsafe-eval'` compiles SHA-256 and programs; style attributes are
 * allowed because React writes them into the HTML, style elements are not; `data:` images are the icons that wallets announce themselves with. `storeOrigin` is the
 * bucket from which artifacts are fetched, where it is not the instance.
 */
export function contentSecurityPolicy(
  scripts: ScriptSource,
  { isDevelopment, storeOrigin = null }: { isDevelopment: boolean; storeOrigin?: string | null },
): string {
  const digests = scripts.sha256.map((digest) => `'sha256-${digest}'`);
  const inline = scripts.kind === "nonce" ? [`'nonce-${scripts.nonce}'`, ...digests] : digests;
  return [
    "default-src 'self'",
    ["script-src 'self' 'wasm-unsafe-eval'", ...inline, ...(isDevelopment ? ["'unsafe-eval'"] : [])].join(" "),
    // The development server writes style elements of its own.
    `style-src-elem 'self'${isDevelopment ? " 'unsafe-inline'" : ""}`,
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self'",
    ["connect-src 'self'", ...(storeOrigin ? [storeOrigin] : []), ...(isDevelopment ? ["ws:"] : [])].join(" "),
    "worker-src 'self'",
    "object-src 'none'",
    "frame-src 'self'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "base-uri 'none'",
  ].join("; ");
}
