import type { NextConfig } from "next";

// Read by Next itself before it would send anything.
process.env.NEXT_TELEMETRY_DISABLED = "1";

const isDevelopment = process.env.NODE_ENV === "development";

/**
 * What a page may load and do. `'unsafe-inline'` in script-src is there for the data that Next writes into each page as inline scripts, and in style-src for
 * style attributes; `'wasm-unsafe-eval'` compiles programs and SHA-256; `data:` images are the icons that wallets announce themselves with.
 */
const contentSecurityPolicy = [
  "default-src 'self'",
  `script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'${isDevelopment ? " 'unsafe-eval'" : ""}`,
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  `connect-src 'self'${isDevelopment ? " ws:" : ""}`,
  "worker-src 'self'",
  "object-src 'none'",
  "frame-src 'none'",
  "frame-ancestors 'none'",
  "form-action 'self'",
  "base-uri 'none'",
].join("; ");

const securityHeaders = [
  { key: "Content-Security-Policy", value: contentSecurityPolicy },
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  // Wallets that open a window keep their way back to the page; nobody else shares its browsing context.
  { key: "Cross-Origin-Opener-Policy", value: "same-origin-allow-popups" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=()" },
];

const config: NextConfig = {
  poweredByHeader: false,
  // A lockfile further up must not make another folder the root.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  // Written into the build also where it is not set: only then does the bundler see that the demo wallet is never loaded, and leave it out.
  env: { NEXT_PUBLIC_DEMO_WALLET: process.env.NEXT_PUBLIC_DEMO_WALLET ?? "" },
  serverExternalPackages: ["postgres", "pino", "graphile-worker"],
  // Answers of the API bring their own, stricter policy for bytes that strangers made.
  headers: async () => [{ source: "/((?!api/).*)", headers: securityHeaders }],
};

export default config;
