import { expectAccessible } from "./accessible.ts";
import { expect, giveAuthenticator, startComputing, test } from "./people.ts";
import { submitRange } from "./submit-range.ts";

const WALK_MS_MAX = 150_000;
const TOLD_MS_MAX = 90_000;

test("a job ends while its owner looks at another page: the bell says so, and leads to the job", async ({ owner, openVolunteer, baseURL }) => {
  test.setTimeout(WALK_MS_MAX);
  await owner.goto("/notifications");
  await expect(owner.getByText("Nothing to tell yet.")).toBeVisible();
  await expectAccessible(owner);
  const jobId = await submitRange(owner, baseURL ?? "", { name: "Tides", shards: 4, verification: { assurance: "instant", quorum: 1, replicasMax: 4 } });
  await owner.goto("/pools");
  const bell = owner.getByRole("banner").getByRole("link", { name: /^Notifications/ });
  await expect(bell).toHaveAccessibleName("Notifications");

  const tab = await openVolunteer();
  await startComputing(tab);
  await expect(bell).toHaveAccessibleName("Notifications: 1 unread", { timeout: TOLD_MS_MAX });
  await expect(owner.getByRole("status").filter({ hasText: "Notifications: 1 unread" })).toBeAttached();

  await bell.focus();
  await owner.keyboard.press("Enter");
  await expect(owner.getByRole("heading", { name: "Notifications", level: 1 })).toBeVisible();
  await expectAccessible(owner);
  await owner.getByRole("link", { name: "Unread: “Tides” is done" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: "Tides" })).toBeVisible();
  expect(owner.url()).toContain(jobId);
  await expect(bell).toHaveAccessibleName("Notifications");
  await owner.goto("/notifications");
  await expect(owner.getByRole("link", { name: "“Tides” is done", exact: true })).toBeVisible();
});

test("an owner chooses on a phone what to be told, and is not told what they did themselves", async ({ owner, baseURL }) => {
  await owner.setViewportSize({ width: 375, height: 740 });
  await owner.goto("/notifications");
  const stopped = owner.getByRole("checkbox", { name: /^Stopped/ });
  await stopped.uncheck();
  await owner.reload();
  await expect(stopped).not.toBeChecked();
  const width = await owner.evaluate(() => document.documentElement.scrollWidth);
  expect(width).toBeLessThanOrEqual(375);
  // Whoever stops a job is not told that it stopped.
  const jobId = await submitRange(owner, baseURL ?? "", { name: "Waves", shards: 4 });
  await owner.request.post(`/api/v1/jobs/${jobId}/cancel`, { headers: { origin: baseURL ?? "" } });
  await owner.reload();
  await expect(owner.getByText("Nothing to tell yet.")).toBeVisible();
});

test("a pushed notice is shown in the words of its language, once, by a worker that no page belongs to; a browser without a service says so", async ({
  owner,
  baseURL,
}) => {
  await owner.context().grantPermissions(["notifications"], { origin: baseURL ?? "" });
  await owner.goto("/notifications");
  await owner.getByRole("button", { name: "Tell this browser" }).click();
  // Here no push service can be reached.
  await expect(owner.getByText("could not reach the service by which its maker passes messages on")).toBeVisible();
  await expectAccessible(owner);
  expect(await owner.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length)).toBe(0);

  const devtools = await owner.context().newCDPSession(owner);
  const registrations = new Set<string>();
  devtools.on("ServiceWorker.workerRegistrationUpdated", (event) => {
    for (const { registrationId, scopeURL } of event.registrations) if (scopeURL.endsWith("/push/")) registrations.add(registrationId);
  });
  await devtools.send("ServiceWorker.enable");
  const controller = await owner.evaluate(async () => {
    const registration = await navigator.serviceWorker.register("/push/service-worker.js", { scope: "/push/" });
    const worker = registration.installing;
    await new Promise<void>((resolve) => worker?.addEventListener("statechange", () => worker.state === "activated" && resolve()));
    return navigator.serviceWorker.controller;
  });
  expect(controller).toBeNull();
  const job = { id: `job_${"a".repeat(32)}`, name: "Tides" };
  const message = { version: 1, tag: "one event", language: "de", kind: "done", job, reason: null, params: {} };
  const registrationId = [...registrations].at(-1) ?? "";
  for (const data of [JSON.stringify(message), JSON.stringify(message), "no message"])
    await devtools.send("ServiceWorker.deliverPushMessage", { origin: baseURL ?? "", registrationId, data });
  const shown = async () =>
    await owner.evaluate(async () => {
      const registration = await navigator.serviceWorker.getRegistration("/push/");
      return ((await registration?.getNotifications()) ?? []).map(({ title, lang, data }) => [title, lang, data]);
    });
  await expect.poll(shown).toEqual([
    ["„Tides“ ist fertig", "de", `/jobs/${job.id}`],
    ["There is news about your jobs", "en", "/notifications"],
  ]);

  const headers = (await owner.request.get("/push/service-worker.js")).headers();
  expect([headers["content-security-policy"], headers["cache-control"]]).toEqual(["default-src 'none'; script-src 'self'", "no-cache"]);
  // What a browser keeps for the site is listed, and goes with the rest.
  await owner.goto("/privacy");
  await expect(owner.getByText("The part that shows notifications")).toBeVisible();
  await owner.getByRole("button", { name: "Delete all of this" }).click();
  await owner.getByRole("dialog").getByRole("button", { name: "Delete all of this" }).click();
  await expect(owner.getByText("The part that shows notifications")).toBeHidden();
});

test("somebody with a passkey alone is let in to a job by their number, and links the browser that they lend", async ({ owner, browser, baseURL }) => {
  const context = await browser.newContext();
  const friend = await context.newPage();
  await giveAuthenticator(friend);
  await friend.goto("/pools");
  await friend.getByRole("button", { name: "Make an account with a passkey" }).click();
  await expect(friend.getByText("You are in no pool.")).toBeVisible();
  const { id } = (await (await friend.request.get("/api/v1/me")).json()) as { id: string };

  const jobId = await submitRange(owner, baseURL ?? "", { name: "Currents", shards: 4 });
  await owner.goto(`/jobs/${jobId}`);
  await owner.getByLabel("Wallet address or account id").fill(id);
  await owner.getByRole("button", { name: "Let in" }).click();
  await expect(owner.getByRole("button", { name: `Take out ${id}` })).toBeVisible();
  await friend.goto("/jobs");
  await friend.getByRole("link", { name: /Currents/ }).click();
  await expect(friend.getByText("Its owner let you in: you may look and download.")).toBeVisible();
  await expect(friend.getByRole("link", { name: "Duplicate as new" })).toHaveCount(0);

  await friend.goto("/volunteer");
  await startComputing(friend);
  await friend.getByRole("button", { name: "Stop" }).click();
  await friend.goto("/rewards");
  await friend.getByRole("button", { name: "Link this browser" }).click();
  await expect(friend.getByText("What they earn is paid once the account has a wallet.")).toBeVisible();
  await expect(friend.getByText("This browser", { exact: true })).toBeVisible();
  await context.close();
});
