/** What the sandbox's responses carry, as header names and values. */
export type Headers = Readonly<Record<string, string>>;

/**
 * What the frame may do: run the one script that its document holds, compile WebAssembly, and make workers from `data:`. A worker made from `data:` inherits
 * all of it. There is no 'self' and no blob: among the scripts, for either would be a way to load, and so to ask a server for, another script.
 * `scriptSha256` is the digest of that script in base64.
 */
function framePolicy(scriptSha256: string): string {
  return [
    "default-src 'none'",
    `script-src 'sha256-${scriptSha256}' 'wasm-unsafe-eval'`,
    "worker-src data:",
    "connect-src 'none'",
    "frame-ancestors 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "sandbox allow-scripts",
  ].join("; ");
}

/**
 * What an executor may do where it has to be a worker of the page's own origin. There is no `sandbox` here: a worker whose own response makes its origin opaque
 * brings Chromium to end the whole tab at its first object URL.
 */
const WORKER_POLICY = "default-src 'none'; script-src 'wasm-unsafe-eval'; connect-src 'none'; worker-src 'none'";

const COMMON: Headers = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()",
  // Code and policy belong together: a copy of one kept beside a newer one of the other would not run, or run what was replaced.
  "Cache-Control": "no-store",
};

/** Headers of a frame. Its own agent cluster gives it a process of its own in Chromium, and shared memory for what runs in it. */
export function frameHeaders(scriptSha256: string): Headers {
  return { ...COMMON, "Content-Security-Policy": framePolicy(scriptSha256), "Document-Isolation-Policy": "isolate-and-require-corp" };
}

/** Headers of a worker's script of the page's own origin. */
export const WORKER_HEADERS: Headers = { ...COMMON, "Content-Security-Policy": WORKER_POLICY };
