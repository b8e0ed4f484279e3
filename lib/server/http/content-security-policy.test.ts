import { describe, expect, test } from "vitest";
import { contentSecurityPolicy } from "./content-security-policy.ts";

const directives = (policy: string) => new Map(policy.split("; ").map((part) => [part.split(" ")[0], part.split(" ").slice(1)]));

describe.each([
  { scripts: { kind: "hashes", sha256: ["abc="] } as const, own: ["'sha256-abc='"] },
  { scripts: { kind: "nonce", nonce: "xyz", sha256: ["abc="] } as const, own: ["'nonce-xyz'", "'sha256-abc='"] },
])("a page whose scripts are known by $scripts.kind", ({ scripts, own }) => {
  test("runs its own scripts and no other inline script, and evaluates no text", () => {
    const script = directives(contentSecurityPolicy(scripts, { isDevelopment: false })).get("script-src");
    expect(script).toEqual(["'self'", "'wasm-unsafe-eval'", ...own]);
  });

  test("reaches the operator's bucket where there is one, for requests alone", () => {
    const policy = contentSecurityPolicy(scripts, { isDevelopment: false, storeOrigin: "https://bucket.example" });
    expect(directives(policy).get("connect-src")).toEqual(["'self'", "https://bucket.example"]);
    expect(policy.match(/bucket\.example/g)).toHaveLength(1);
  });

  test("loads nothing from elsewhere, is framed by nobody and posts to nobody else", () => {
    const policy = contentSecurityPolicy(scripts, { isDevelopment: false });
    expect(policy).not.toMatch(/https?:|\*/);
    const known = directives(policy);
    expect(["object-src", "frame-ancestors", "base-uri"].map((name) => known.get(name))).toEqual([["'none'"], ["'none'"], ["'none'"]]);
    expect(["default-src", "connect-src", "worker-src", "frame-src", "form-action", "style-src-elem"].map((name) => known.get(name))).toEqual(
      Array(6).fill(["'self'"]),
    );
  });
});
