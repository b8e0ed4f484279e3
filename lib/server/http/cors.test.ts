import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { NextRequest } from "next/server.js";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { listJobs as listJobsEndpoint, pauseJob as pauseJobEndpoint } from "#lib/protocol/jobs/jobs.ts";
import { makeAccount } from "#lib/testing/builders.ts";
import { openTestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { createKey } from "../accounts/keys/create-key.ts";
import { sessionCookie } from "../accounts/session-cookie.ts";
import { readConfig } from "../config/config.ts";
import { listJobs } from "../jobs/list-jobs.ts";
import { pauseJob } from "../jobs/pause-job.ts";
import { answerPreflight } from "./cors.ts";
import { handle } from "./handle.ts";

const LAB = "https://lab.example";
/** Origins that are not the lab's, however near they come. */
const FOREIGN = [
  "null",
  "https://evil.example",
  "http://lab.example",
  "https://lab.example:8443",
  "https://lab.example.evil.example",
  "https://evillab.example",
  "https://LAB.example",
  "https://lab.example/",
];
const JOB_MS_MAX = 120_000;

let services: TestServices;
let secret: string;
let cookie: string;

beforeAll(async () => {
  services = await openTestServices({ corsOrigins: [LAB] });
  const { accountId, ctx } = await makeAccount(services);
  // Accounts begin at the database's clock, sessions at the test's.
  await services.db`update accounts set sessions_valid_from = ${services.clock.now()}`;
  const fresh = { ...ctx, principal: { ...ctx.principal, signedInAt: services.clock.now() } };
  secret = (await createKey(fresh, { name: "page", scopes: ["jobs:read"] })).secret;
  cookie = String(await sessionCookie(services.config, { accountId, issuedAt: services.clock.now() })).split(";")[0] ?? "";
});
afterAll(async () => await services.close());

async function read(headers: Record<string, string>, over: TestServices = services) {
  const door = handle(listJobsEndpoint, listJobs, async () => over);
  const response = await door(new Request("http://127.0.0.1:3999/api/v1/jobs", { headers }));
  const code = response.ok ? "ok" : (await response.json()).error.code;
  return { code, ...corsOf(response) };
}
const corsOf = ({ headers }: Response) => ({
  allowed: headers.get("access-control-allow-origin"),
  credentials: headers.get("access-control-allow-credentials"),
  vary: headers.get("vary"),
});
const bearer = () => ({ authorization: `Bearer ${secret}` });

describe("an answer", () => {
  test("is for a page of a listed origin to read, refusals too, and never with credentials", async () => {
    const open = { allowed: LAB, credentials: null, vary: "Origin" };
    expect(await read({ ...bearer(), origin: LAB })).toEqual({ code: "ok", ...open });
    expect(await read({ origin: LAB })).toEqual({ code: "unauthenticated", ...open });
    expect(await read({ authorization: "Bearer shoal_wrong", origin: LAB })).toEqual({ code: "unauthenticated", ...open });
  });

  test.each([...FOREIGN, "http://127.0.0.1:3999"])("is for no page of %s", async (origin) => {
    expect(await read({ ...bearer(), origin })).toEqual({ code: "ok", allowed: null, credentials: null, vary: "Origin" });
  });

  test("says nothing where no origin is listed", async () => {
    expect(await read({ ...bearer(), origin: LAB }, { ...services, config: { ...services.config, corsOrigins: [] } })).toEqual({
      code: "ok",
      allowed: null,
      credentials: null,
      vary: null,
    });
  });
});

describe("a session", () => {
  test("is the account's on its own pages, and in what names no origin", async () => {
    expect((await read({ cookie })).code).toBe("ok");
    expect((await read({ cookie, origin: services.config.origin })).code).toBe("ok");
  });

  test.each([LAB, ...FOREIGN])("speaks for no page of %s, not even to read", async (origin) => {
    expect(await read({ cookie, origin })).toMatchObject({ code: "wrong_origin", credentials: null });
    const door = handle(pauseJobEndpoint, pauseJob, async () => services);
    const request = new Request(`http://127.0.0.1:3999/api/v1/jobs/job_${"1".repeat(32)}/pause`, { method: "POST", headers: { cookie, origin } });
    expect((await (await door(request)).json()).error.code).toBe("wrong_origin");
  });

  test("beside a key counts for nothing: what the key may not stays refused", async () => {
    const door = handle(pauseJobEndpoint, pauseJob, async () => services);
    const headers = { cookie, origin: LAB, ...bearer() };
    const request = new Request(`http://127.0.0.1:3999/api/v1/jobs/job_${"1".repeat(32)}/pause`, { method: "POST", headers });
    expect((await (await door(request)).json()).error).toMatchObject({ code: "key_scope", params: { scope: "jobs:write" } });
  });
});

describe("a preflight", () => {
  test("allows a listed origin what the SDK sends", () => {
    const { status, headers } = answerPreflight(LAB, [LAB]);
    expect([status, headers.get("access-control-allow-origin"), headers.get("access-control-allow-credentials")]).toEqual([204, LAB, null]);
    for (const name of ["authorization", "content-type", "idempotency-key", "range"]) expect(headers.get("access-control-allow-headers")).toContain(name);
    expect(headers.get("access-control-allow-headers")).not.toContain("cookie");
  });

  test.each([...FOREIGN, null])("allows %s nothing", (origin) => {
    const allowing = [...answerPreflight(origin, [LAB]).headers.keys()].filter((name) => name.startsWith("access-control-"));
    expect(allowing).toEqual([]);
  });

  test("of any endpoint is answered by the app before it looks for one", async () => {
    vi.stubEnv("CORS_ORIGINS", LAB);
    const { proxy, config } = await import("../../../proxy.ts");
    vi.unstubAllEnvs();
    expect(config.matcher).toContainEqual({ source: "/api/v1/:path*", has: [{ type: "header", key: "access-control-request-method" }] });
    const ask = async (origin: string) => {
      const headers = { origin, "access-control-request-method": "POST" };
      return (await proxy(new NextRequest("http://127.0.0.1:3999/api/v1/jobs", { method: "OPTIONS", headers }))).headers.get("access-control-allow-origin");
    };
    expect([await ask(LAB), await ask("null"), await ask("https://evil.example")]).toEqual([LAB, null, null]);
  });
});

test.each(["*", "null", "lab.example", "https://lab.example/", "https://lab.example, *", "ftp://lab.example", "https://LAB.example"])(
  "the setting %s is refused at start, by its name",
  (value) => {
    const env = { DATABASE_URL: "postgres://x/y", PUBLIC_URL: "http://127.0.0.1:1", SESSION_SECRET: "x".repeat(32), BLOB_FOLDER: "/x" };
    expect(() => readConfig({ ...env, CORS_ORIGINS: value })).toThrow("CORS_ORIGINS: must list origins");
    expect(readConfig({ ...env, CORS_ORIGINS: `${LAB}, http://localhost:5173` }).corsOrigins).toEqual([LAB, "http://localhost:5173"]);
  },
);

test(
  "a page of another origin runs a job with a key; one of an origin that is not listed cannot, and none gets a cookie across",
  async () => {
    const bundled = await build({ entryPoints: ["sdk/testing/page-entry.ts"], bundle: true, format: "iife", platform: "browser", write: false });
    const [listed, other] = [await servePage(bundled.outputFiles[0]?.text ?? ""), await servePage(bundled.outputFiles[0]?.text ?? "")];
    const instance = await openTestInstance({ env: { CORS_ORIGINS: listed.origin } });
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-quic"] });
    try {
      await instance.startDevice();
      const { key } = await instance.makeOwner();
      const program = Buffer.from(await readTestProgram("shout")).toString("base64");
      const context = await browser.newContext();
      await context.addCookies([{ name: "shoal_session", value: "stolen", url: instance.url }]);
      const page = await context.newPage();
      const run = async (origin: string) => {
        await page.goto(origin);
        return await page.evaluate(
          async ({ url, key, program }) => {
            const shoal = globalThis.sdk.createShoal({ url, key });
            const bytes = Uint8Array.from(atob(program), (char) => char.charCodeAt(0));
            const outcome = async () => {
              const request = { program: bytes, input: new Blob(["a\nb\n"]), slicing: { mode: "lines" as const }, verification: { quorum: 1 } };
              const job = await shoal.run(request, { signal: AbortSignal.timeout(60_000) });
              await job.wait();
              const { body, shards } = await job.download();
              return [await new Response(body).text(), shards];
            };
            const withCookie = await fetch(`${url}/api/v1/jobs`, { credentials: "include", headers: { authorization: `Bearer ${key}` } }).then(
              () => "read",
              () => "withheld",
            );
            const first = await fetch(`${url}/api/v1/status`).then(
              ({ status }) => status,
              () => "withheld",
            );
            return { first, withCookie, outcome: first === 200 ? await outcome() : null };
          },
          { url: instance.url, key, program },
        );
      };
      expect(await run(listed.origin)).toEqual({ first: 200, withCookie: "withheld", outcome: ["A\nB\n", { held: 2, total: 2 }] });
      expect(await run(other.origin)).toEqual({ first: "withheld", withCookie: "withheld", outcome: null });
    } finally {
      await browser.close();
      await Promise.all([instance.close(), listed.close(), other.close()]);
    }
  },
  JOB_MS_MAX,
);

async function servePage(script: string): Promise<{ origin: string; close(): Promise<void> }> {
  const server: Server = createServer((incoming, outgoing) => {
    if (incoming.url === "/script.js") outgoing.writeHead(200, { "content-type": "text/javascript" }).end(script);
    else outgoing.writeHead(200, { "content-type": "text/html" }).end('<!doctype html><script src="/script.js"></script>');
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close };
}
