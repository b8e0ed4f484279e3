import { type APIRequestContext, type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { openSession } from "../scripts/demo/make-key.ts";

const WALLET_NAME = "Test wallet";
/** A connection that was kept open may be closed just when it is used again. */
const KEPT_CONNECTION_RETRIES = 2;

/** People of the stories, each with a browser profile of their own. */
type People = {
  /** An empty page of somebody with a wallet who has signed in; their browser has nothing else. */
  owner: Page;
  /** Opens the tab of another volunteer: a new profile, and so a new device. */
  openVolunteer: () => Promise<Page>;
  /** Profiles that a story opens by itself are closed with it: their pages would go on asking beside the stories that follow. */
  leaveNobody: undefined;
};

export const test = base.extend<People>({
  leaveNobody: [
    async ({ browser }, use) => {
      const there = new Set(browser.contexts());
      await use(undefined);
      await Promise.all(browser.contexts().map(async (context) => (there.has(context) ? undefined : await context.close())));
    },
    { auto: true },
  ],
  owner: async ({ browser, baseURL }, use) => {
    const context = await browser.newContext();
    const key = generatePrivateKey();
    const origin = String(baseURL);
    await installWallet(context, key);
    await context.addCookies([await cookieOfSession(origin, key)]);
    await use(await context.newPage());
    await cancelOpenJobs(context.request, origin);
    await context.close();
  },
  openVolunteer: async ({ browser }, use) => {
    await use(async () => {
      const context = await browser.newContext();
      const page = await context.newPage();
      await page.goto("/volunteer");
      return page;
    });
  },
});
export { expect };

/** The cookie of somebody who has signed in with the wallet of this key: how a page does it is the matter of the stories of signing in. */
async function cookieOfSession(url: string, key: `0x${string}`): Promise<{ name: string; value: string; url: string }> {
  const { cookie } = await openSession(url, privateKeyToAccount(key));
  const [name = "", value = ""] = cookie.split("=", 2);
  return { name, value, url };
}

/** In which state a job of theirs is now. */
export async function stateOf(owner: Page, jobId: string): Promise<string> {
  const answer = await owner.request.get(`/api/v1/jobs/${jobId}`, { maxRetries: KEPT_CONNECTION_RETRIES });
  return ((await answer.json()) as { state: string }).state;
}

/** Leaves nothing to compute behind: the next story's volunteers would take it for theirs. */
async function cancelOpenJobs(request: APIRequestContext, origin: string): Promise<void> {
  const answer = await request.get("/api/v1/jobs", { maxRetries: KEPT_CONNECTION_RETRIES });
  const { jobs = [] } = (await answer.json()) as { jobs?: { id: string; endedAt: string | null }[] };
  for (const { id } of jobs.filter(({ endedAt }) => endedAt === null)) await request.post(`/api/v1/jobs/${id}/cancel`, { headers: { origin }, data: {} });
}

/** What a wallet does with a request of a page; it throws what the page is to see. */
export type AnswerRequest = (method: string, params: readonly unknown[]) => Promise<unknown>;

/** Puts a wallet into every page of the profile that announces itself as extensions do (EIP-6963) and signs with a key of its own, or with the one given. */
export async function installWallet(context: BrowserContext, key: `0x${string}` = generatePrivateKey()): Promise<void> {
  const account = privateKeyToAccount(key);
  await announceWallet(context, async (method, params) => {
    if (method === "eth_requestAccounts") return [account.address.toLowerCase()];
    if (method === "personal_sign") return await account.signMessage({ message: { raw: params[0] as `0x${string}` } });
    throw Object.assign(new Error(`${method} is not supported`), { code: 4200 });
  });
}

/** The same with a wallet that answers as the caller says. Its keys stay outside the page. */
export async function announceWallet(context: BrowserContext, answer: AnswerRequest): Promise<void> {
  await context.exposeFunction("askTestWallet", async (method: string, params: unknown[]) => {
    try {
      return { result: await answer(method, params) };
    } catch (error) {
      const { message, code, data } = error as { message: string; code?: number; data?: unknown };
      return { error: { message, code, data } };
    }
  });
  await context.addInitScript((name) => {
    type Answer = { result?: unknown; error?: { message: string } };
    const { askTestWallet } = globalThis as unknown as { askTestWallet: (method: string, params: unknown[]) => Promise<Answer> };
    const provider = {
      request: async ({ method, params = [] }: { method: string; params?: unknown[] }) => {
        const { result, error } = await askTestWallet(method, params);
        if (error) throw Object.assign(new Error(error.message), error);
        return result;
      },
    };
    const detail = Object.freeze({
      info: { uuid: "2c1a7f52-0000-4000-8000-000000000001", name, icon: "data:image/svg+xml,<svg/>", rdns: "test.wallet" },
      provider,
    });
    const announce = () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail }));
    window.addEventListener("eip6963:requestProvider", announce);
    announce();
  }, WALLET_NAME);
}

export async function signIn(page: Page): Promise<void> {
  await page.goto("/jobs");
  await page.getByRole("button", { name: `Sign in with ${WALLET_NAME}` }).click();
  await expect(page.getByRole("heading", { name: "Jobs", exact: true })).toBeVisible();
}

/** Presses Start on a volunteer's page and waits until its first shard runs or is done. */
export async function startComputing(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Start" }).click();
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
}

/** Gives a page an authenticator as laptops have one built in, which recognises its person (CDP WebAuthn). */
export async function giveAuthenticator(page: Page): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send("WebAuthn.enable");
  await devtools.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
}
