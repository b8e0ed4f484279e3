import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, installWallet, signIn, test } from "./people.ts";

const CHUNKS = join(import.meta.dirname, "..", ".next", "static", "chunks");

test("the landing page has two doors and loads nothing from elsewhere", async ({ page, baseURL }) => {
  const foreign: string[] = [];
  page.on("request", (request) => {
    if (!request.url().startsWith(baseURL ?? "-") && !request.url().startsWith("data:")) foreign.push(request.url());
  });
  await page.goto("/");
  await expect(page.getByRole("main").getByRole("link", { name: "Lend this tab" })).toHaveAttribute("href", "/volunteer");
  await expect(page.getByRole("main").getByRole("link", { name: "Run a program" })).toHaveAttribute("href", "/jobs");
  await page.getByRole("main").getByRole("link", { name: "Lend this tab" }).click();
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible();
  expect(foreign).toEqual([]);
});

for (const path of ["/jobs", "/jobs/new", "/keys", `/jobs/job_${"0".repeat(32)}`]) {
  test(`${path} shows the door to somebody who has not signed in`, async ({ page }) => {
    await page.goto(path);
    await expect(page.getByRole("heading", { name: "Sign in to run programs" })).toBeVisible();
    // A build for demos offers its own wallet where there is none.
    await expect(page.getByText("No wallet was found in this browser.").or(page.getByRole("button", { name: "Use a demo wallet" }))).toBeVisible();
  });
}

test("the demo wallet is offered by a build for demos, and no other build contains its code", async ({ page }) => {
  const isInBuild = globSync("**/*.js", { cwd: CHUNKS }).some((path) => readFileSync(join(CHUNKS, path), "utf8").includes("The demo wallet does not know"));
  await page.goto("/jobs");
  await expect(page.getByRole("heading", { name: "Sign in to run programs" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Use a demo wallet" })).toHaveCount(isInBuild ? 1 : 0);
});

test("what does not exist, and a job of somebody else, are not found", async ({ owner }) => {
  for (const path of ["/nowhere", "/jobs/nonsense", `/jobs/job_${"0".repeat(32)}`]) {
    const response = await owner.goto(path);
    expect(response?.status(), path).toBe(404);
    await expect(owner.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
    await expect(owner.getByRole("banner")).toHaveCount(1);
  }
});

test("the page of all components is the development server's alone", async ({ page }) => {
  expect((await page.goto("/design"))?.status()).toBe(404);
  const server = join(CHUNKS, "..", "..", "server");
  const isBuilt = (folder: string) =>
    globSync("**/*.{js,html}", { cwd: folder }).filter((path) => readFileSync(join(folder, path), "utf8").includes("data-gallery"));
  expect([...isBuilt(CHUNKS), ...isBuilt(server)]).toEqual([]);
});

test("pages cannot be framed and say what they may load", async ({ request, baseURL }) => {
  for (const path of ["/", "/volunteer", "/jobs"]) {
    const headers = (await request.get(`${baseURL}${path}`)).headers();
    expect(headers["content-security-policy"], path).toContain("frame-ancestors 'none'");
    expect(headers["content-security-policy"], path).not.toContain(" 'unsafe-eval'");
    expect([headers["x-content-type-options"], headers["cross-origin-opener-policy"], headers["x-powered-by"]]).toEqual([
      "nosniff",
      "same-origin-allow-popups",
      undefined,
    ]);
  }
});

test("a wallet that declines leaves the door open and says so", async ({ browser }) => {
  const context = await browser.newContext();
  await installWallet(context);
  await context.addInitScript(() => {
    const refuse = { request: async () => Promise.reject(Object.assign(new Error("no"), { code: 4001 })) };
    const detail = { info: { uuid: "2c1a7f52-0000-4000-8000-000000000002", name: "Shy wallet", icon: "", rdns: "test.shy" }, provider: refuse };
    window.addEventListener("eip6963:requestProvider", () => window.dispatchEvent(new CustomEvent("eip6963:announceProvider", { detail })));
  });
  const page = await context.newPage();
  await page.goto("/jobs");
  await page.getByRole("button", { name: "Sign in with Shy wallet" }).click();
  await expect(page.getByText("You declined in the wallet. Nothing was signed.")).toBeVisible();
  await signIn(page);
  await context.close();
});

test("an owner makes a key, sees it once, revokes it, and signs out", async ({ owner }) => {
  await owner.goto("/jobs");
  await owner.getByRole("button", { name: /^Account/ }).click();
  await owner.getByRole("link", { name: "API keys" }).click();
  await expect(owner.getByText("You have no API keys.")).toBeVisible();
  await owner.getByRole("button", { name: "Make a key" }).click();
  await expect(owner.getByText("Choose at least one.")).toBeVisible();
  await owner.getByLabel("Name").fill("Laptop");
  await owner.getByRole("checkbox", { name: "See jobs and download results" }).check();
  await owner.getByRole("button", { name: "Make a key" }).click();
  const secret = (await owner.getByTestId("secret").textContent()) ?? "";
  const headers = { authorization: `Bearer ${secret}` };
  expect((await owner.request.get("/api/v1/jobs", { headers })).status()).toBe(200);
  await owner.getByRole("button", { name: "I have copied it" }).click();
  await expect(owner.getByText(secret)).toHaveCount(0);
  await owner.getByRole("button", { name: "Revoke Laptop" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
  await expect(owner.getByText("You have no API keys.")).toBeVisible();
  expect((await owner.request.get("/api/v1/jobs", { headers })).status()).toBe(401);
  await owner.getByRole("button", { name: /^Account/ }).click();
  await owner.getByRole("button", { name: "Sign out", exact: true }).click();
  await expect(owner.getByRole("heading", { name: "Sign in to run programs" })).toBeVisible();
});
