import type { NextConfig } from "next";
import { PHASE_DEVELOPMENT_SERVER, PHASE_PRODUCTION_SERVER } from "next/constants.js";
import { LANGUAGE_HEADER, LANGUAGES } from "./lib/text/languages.ts";
import { buildCompiler, compilerHeaders } from "./scripts/build-compiler.ts";
import { buildDocument } from "./scripts/build-document.ts";
import { buildPush, pushHeaders } from "./scripts/build-push.ts";
import { buildSandbox, SANDBOX_FOLDER } from "./scripts/sandbox/build-sandbox.ts";
import { sandboxHeaders } from "./scripts/sandbox/sandbox-headers.ts";

// Read by Next itself before it would send anything.
process.env.NEXT_TELEMETRY_DISABLED = "1";

/** What every page carries; what it may load and do is said by `proxy.ts`, page by page. */
const securityHeaders = [
  { key: "X-Content-Type-Options", value: "nosniff" },
  { key: "Referrer-Policy", value: "strict-origin-when-cross-origin" },
  { key: "X-Frame-Options", value: "DENY" },
  // Wallets that open a window keep their way back to the page; nobody else shares its browsing context.
  { key: "Cross-Origin-Opener-Policy", value: "same-origin-allow-popups" },
  { key: "Permissions-Policy", value: "camera=(), microphone=(), geolocation=(), payment=(), usb=(), serial=(), hid=()" },
];

const config: NextConfig = {
  poweredByHeader: false,
  // Types are a check of their own in `npm test`; whoever starts the demo need not wait for them again.
  typescript: { ignoreBuildErrors: true },
  // A lockfile further up must not make another folder the root.
  turbopack: { root: import.meta.dirname },
  outputFileTracingRoot: import.meta.dirname,
  // Written into the build also where it is not set: only then does the bundler see that the demo wallet is never loaded, and leave it out.
  env: { NEXT_PUBLIC_DEMO_WALLET: process.env.NEXT_PUBLIC_DEMO_WALLET ?? "" },
  serverExternalPackages: [
    "pg",
    "pino",
    "graphile-worker",
    "@aws-sdk/client-s3",
    "@aws-sdk/lib-storage",
    "@aws-sdk/s3-request-presigner",
    "web-push",
    "@opentelemetry/api",
    "@opentelemetry/exporter-trace-otlp-http",
    "@opentelemetry/resources",
    "@opentelemetry/sdk-trace",
  ],
  // Answers of the API bring their own, stricter policy for bytes that strangers made.
  headers: async () => [{ source: "/((?!api/|sandbox/|compiler/|push/).*)", headers: securityHeaders }],
  // Pages lie under their language; their addresses do not name it.
  rewrites: async () => ({
    beforeFiles: [
      { source: "/:path*", has: [{ type: "header", key: LANGUAGE_HEADER, value: `(?<lang>${LANGUAGES.join("|")})` }], destination: "/:lang/:path*" },
    ],
  }),
};

export default async function configure(phase: string): Promise<NextConfig> {
  // A server of what was built takes its headers from the build.
  if (phase === PHASE_PRODUCTION_SERVER) return config;
  await Promise.all([buildDocument(), buildCompiler(), buildPush()]);
  const digests = await buildSandbox(import.meta.dirname, SANDBOX_FOLDER);
  // A page whose file ends so, /design, is known to the development server alone.
  const pageExtensions = phase === PHASE_DEVELOPMENT_SERVER ? ["dev.tsx", "tsx", "ts"] : ["tsx", "ts"];
  return { ...config, pageExtensions, headers: async () => [...((await config.headers?.()) ?? []), compilerHeaders, pushHeaders, ...sandboxHeaders(digests)] };
}
