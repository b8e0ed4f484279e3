import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compileHostile, HOSTILE_MODULE } from "./build-hostile.ts";
import { buildSandbox, type ScriptDigests } from "./build-sandbox.ts";
import { sandboxHeaders } from "./sandbox-headers.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
let folder: string;
let digests: ScriptDigests;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "shoal-sandbox-"));
  digests = await buildSandbox(ROOT, folder);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string): string => readFileSync(join(folder, name), "utf8");
const headersOf = (source: string): Record<string, string> => {
  const found = sandboxHeaders(digests).find((rule) => rule.source === source);
  return Object.fromEntries(found?.headers.map(({ key, value }) => [key, value]) ?? []);
};

describe.each(["frame", "attempts"] as const)("the document of %s", (name) => {
  test("holds exactly one script, which is the one that its policy names", () => {
    const scripts = [...read(`${name}.html`).matchAll(/<script>([\s\S]*?)<\/script>/g)].map(([, script = ""]) => script);
    expect(scripts).toHaveLength(1);
    expect(createHash("sha256").update(`${scripts[0]}`).digest("base64")).toBe(digests[name]);
    expect(headersOf(`/sandbox/${name}.html`)["Content-Security-Policy"]).toContain(`script-src 'sha256-${digests[name]}' 'wasm-unsafe-eval';`);
  });

  test("loads nothing: it names no address but its worker's data:", () => {
    expect(read(`${name}.html`)).not.toMatch(/\b(src|href)=|https?:/);
  });
});

test("the attempts stand behind the executors' own wall: every header is equal but for the digest of the script", () => {
  const [frame, attempts] = [headersOf("/sandbox/frame.html"), headersOf("/sandbox/attempts.html")];
  expect(digests.attempts).not.toBe(digests.frame);
  expect(JSON.stringify(attempts).replace(digests.attempts, "digest")).toBe(JSON.stringify(frame).replace(digests.frame, "digest"));
  expect(frame["Document-Isolation-Policy"]).toBe("isolate-and-require-corp");
  expect(frame["Cache-Control"]).toBe("no-store");
});

test("no policy lets a script be loaded, a connection be made or text become code", () => {
  const policies = sandboxHeaders(digests).map(({ headers }) => headers.find(({ key }) => key === "Content-Security-Policy")?.value ?? "");
  expect(policies).toHaveLength(3);
  for (const policy of policies) {
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("connect-src 'none'");
    expect(policy.replace("frame-ancestors 'self'", "")).not.toMatch(/'self'|blob:|'unsafe-(eval|inline)'|https?:|\*/);
  }
  // A worker whose own response makes its origin opaque ends the tab in Chromium.
  expect(policies.filter((policy) => policy.includes("sandbox"))).toHaveLength(2);
});

test("the same sources give the same bytes, and a build that changes nothing writes nothing", async () => {
  const before = readdirSync(folder).map((name) => [name, read(name)]);
  expect(await buildSandbox(ROOT, folder)).toEqual(digests);
  expect(readdirSync(folder).map((name) => [name, read(name)])).toEqual(before);
  expect(before.map(([name]) => name)).toEqual(["attempts.html", "attempts.js", "executor.js", "frame.html"]);
});

test("the committed hostile module is what its source compiles to, byte for byte", async () => {
  expect(Buffer.from(await compileHostile()).equals(readFileSync(HOSTILE_MODULE))).toBe(true);
});
