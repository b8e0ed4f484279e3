import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { decideLogin } from "#lib/server/accounts/logins/decide-login.ts";
import { openTestInstance, type TestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { type Ended, startHere } from "./testing/run-here.ts";

const TEST_MS_MAX = 120_000;
let instance: TestInstance;
let home: string;

beforeAll(async () => {
  instance = await openTestInstance();
  home = await mkdtemp(join(tmpdir(), "shoal-login-"));
});
afterAll(async () => {
  await instance.close();
  await rm(home, { recursive: true, force: true });
});

/** Runs a command to its end; `onCode` is called once with the code of a login. */
async function shoal(args: string[], onCode?: (code: string) => Promise<void>): Promise<Ended> {
  const { seen, ended } = startHere(args, { env: { HOME: home, SHOAL_SERVER: instance.url } });
  if (onCode) {
    const codeIn = () => /[B-Z]{4}-[B-Z]{4}/.exec(seen.out)?.[0];
    await vi.waitUntil(codeIn, { timeout: 30_000 });
    await onCode(codeIn() ?? "");
  }
  return await ended;
}

test(
  "login gets a key once its owner allows it, keeps it for this person alone, and logout revokes it",
  async () => {
    const { accountId } = await instance.makeOwner();
    const principal = { kind: "account" as const, accountId, address: "", roles: [], scopes: null };
    const allow = async (code: string) => void (await decideLogin({ ...instance.services, principal }, { code, decision: "allowed" }));
    expect(await shoal(["jobs"])).toMatchObject({ code: 2, err: expect.stringContaining("shoal login") });
    const login = await shoal(["login", "--days", "1"], allow);
    expect(login).toMatchObject({ code: 0, err: expect.stringContaining(`Open ${instance.url}/device`) });
    const file = join(home, ".shoal", "credentials.json");
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(login.out + login.err).not.toContain("shoal_");
    expect((await shoal(["jobs"])).code).toBe(0);
    expect(JSON.parse((await shoal(["keys", "--json"])).out)).toMatchObject({ server: instance.url, scopes: ["jobs:read", "jobs:write", "artifacts:write"] });
    expect(await shoal(["keys"])).toMatchObject({ code: 0, out: expect.stringContaining(instance.url), err: expect.stringContaining("at /keys") });
    expect((await shoal(["logout"])).code).toBe(0);
    expect(await readFile(file, "utf8")).toBe("{}\n");
    expect((await shoal(["jobs"])).code).toBe(2);
  },
  TEST_MS_MAX,
);

test(
  "login survives a connection that is lost while it waits",
  async () => {
    const { accountId } = await instance.makeOwner();
    const principal = { kind: "account" as const, accountId, address: "", roles: [], scopes: null };
    const reach = globalThis.fetch;
    let lost = 0;
    vi.stubGlobal("fetch", async (...call: Parameters<typeof fetch>) => {
      if (String(call[0]).endsWith("/logins/claim") && lost < 2) {
        lost += 1;
        throw new TypeError("the network is gone");
      }
      return await reach(...call);
    });
    try {
      const allow = async (code: string) => {
        await vi.waitUntil(() => lost === 2, { timeout: 60_000 });
        await decideLogin({ ...instance.services, principal }, { code, decision: "allowed" });
      };
      expect(await shoal(["login"], allow)).toMatchObject({ code: 0 });
      expect((await shoal(["logout"])).code).toBe(0);
    } finally {
      vi.unstubAllGlobals();
    }
  },
  TEST_MS_MAX,
);
