import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { type NextRequest, NextResponse } from "next/server";
import { corsOrigins } from "#lib/server/config/cors-origins.ts";
import { BuiltPages } from "#lib/server/http/built-pages.ts";
import { chooseLanguage } from "#lib/server/http/choose-language.ts";
import { contentSecurityPolicy, type ScriptSource } from "#lib/server/http/content-security-policy.ts";
import { answerPreflight } from "#lib/server/http/cors.ts";
import { isLanguage, LANGUAGE_COOKIE, LANGUAGE_HEADER } from "#lib/text/languages.ts";
import { FIRST_SCRIPT } from "#lib/ui/first-script.ts";

const isDevelopment = process.env.NODE_ENV === "development";
/** Artifacts may be fetched from the operator's bucket itself. */
const storeOrigin = process.env.S3_DIRECT_ORIGIN ? new URL(process.env.S3_DIRECT_ORIGIN).origin : null;
/** Whose pages may use the API; a process with a wrong setting does not start. */
const allowedOrigins = corsOrigins.parse(process.env.CORS_ORIGINS);
const NONCE_BYTES = 16;
/** The one script that we write into pages ourselves; in a page that is made now it has no nonce. */
const FIRST_SHA256 = createHash("sha256").update(FIRST_SCRIPT).digest("base64");
const builtPages = new BuiltPages(join(process.cwd(), ".next"));

// Everything that is a page: no endpoint, no file of the build, nothing with an ending.
// Of the endpoints only what a browser asks before a request of a page elsewhere.
export const config = {
  matcher: [
    { source: "/api/v1/:path*", has: [{ type: "header", key: "access-control-request-method" }] },
    "/((?!api/|_next/|sandbox/|.*\\.[a-z0-9]+$).*)",
    "/docs/search.json",
  ],
};

/**
 * Before each page: finds its language, which is no part of its address, for the rewrite in `next.config.ts`, and says what the page may load and do.
 * It does not rewrite by itself: Next takes a rewrite to 127.0.0.1 for one to another server.
 */
export async function proxy(request: NextRequest): Promise<Response> {
  if (request.nextUrl.pathname.startsWith("/api/")) {
    if (request.method !== "OPTIONS") return NextResponse.next();
    return answerPreflight(request.headers.get("origin"), allowedOrigins);
  }
  const url = request.nextUrl.clone();
  const [, first, ...rest] = url.pathname.split("/");
  if (isLanguage(first)) {
    url.pathname = `/${rest.join("/")}`;
    return NextResponse.redirect(url);
  }
  const chosen = request.cookies.get(LANGUAGE_COOKIE)?.value;
  const language = chooseLanguage({ chosen, acceptLanguage: request.headers.get("accept-language") });
  const digests = isDevelopment ? null : await builtPages.findDigests(url.pathname === "/" ? `/${language}` : `/${language}${url.pathname}`);
  const scripts: ScriptSource = digests
    ? { kind: "hashes", sha256: digests }
    : { kind: "nonce", nonce: randomBytes(NONCE_BYTES).toString("base64"), sha256: [FIRST_SHA256] };
  const policy = contentSecurityPolicy(scripts, { isDevelopment, storeOrigin });
  const headers = new Headers(request.headers);
  headers.set(LANGUAGE_HEADER, language);
  // From here Next takes the nonce for the scripts that it writes.
  headers.set("content-security-policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("content-security-policy", policy);
  // One address has a page for each language: no cache on the way may take one for the other.
  response.headers.set("cache-control", "private, no-cache");
  return response;
}
