import type { registerDevice } from "#lib/protocol/devices/devices.ts";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { expect, test } from "./people.ts";

const ASKED_BY_CARD = ["/api/v1/network", "/api/v1/legal"];

test("a volunteer starts and stops by keyboard alone, and nothing runs before", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  const calls: string[] = [];
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    // The card asks which jobs wait and which texts hold; that is all the page may say to the instance before Start.
    if (pathname.startsWith("/api/") && !(request.method() === "GET" && ASKED_BY_CARD.includes(pathname))) calls.push(request.url());
  });
  await page.reload();
  await expect(page.getByText("Not started")).toBeVisible();
  await expect(page.getByText("Until you press Stop or close this tab.")).toBeVisible();
  const start = page.getByRole("button", { name: "Start" });
  const reached = async () => await start.evaluate((element) => element === document.activeElement);
  for (let presses = 0; presses < 20 && !(await reached()); presses++) await page.keyboard.press("Tab");
  await expect(start).toBeFocused();
  expect(calls).toEqual([]);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Nobody needs computing right now.")).toBeVisible();
  await expect(page.getByText("Programs run behind the strong wall")).toBeVisible();
  const stop = page.getByRole("button", { name: "Stop" });
  await expect(stop).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByText("Stopped")).toBeVisible({ timeout: 1_500 });
  await expect(start).toBeFocused();
});

test("Start sends the versions of the texts that the card names, and each can be read without leaving the card", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  const link = page.getByRole("main").getByRole("link", { name: /terms of use, version/ });
  const shown = /\d{4}-\d{2}-\d{2}/.exec((await link.textContent()) ?? "")?.[0];
  const [registration] = await Promise.all([
    page.context().waitForEvent("request", (request) => request.method() === "POST" && new URL(request.url()).pathname === "/api/v1/devices"),
    page.getByRole("button", { name: "Start" }).click(),
  ]);
  const { consent } = registration.postDataJSON() as InputOf<typeof registerDevice>;
  expect(consent?.terms).toBe(shown);
  await expect(page.getByRole("button", { name: "Stop" })).toBeVisible();
  await expect(link).toBeHidden();
  await page.getByRole("button", { name: "Stop" }).click();
  const [terms] = await Promise.all([page.waitForEvent("popup"), link.click()]);
  await expect(terms.getByText(`${shown}`)).toBeVisible();
});

test("a phone shows the card, the choice of cores and Start without scrolling sideways", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  await page.setViewportSize({ width: 360, height: 740 });
  const cores = page.getByRole("group", { name: "Cores" });
  const chosen = Number(await cores.getByRole("status").textContent());
  await cores.getByRole("button", { name: "One core more" }).click();
  await expect(cores.getByRole("status")).toHaveText(String(chosen + 1));
  await expect(page.getByRole("button", { name: "Start" })).toBeVisible();
  expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
});

test("a second tab of the same browser says that another one computes, and no longer once that one stops", async ({ openVolunteer }) => {
  const first = await openVolunteer();
  await first.getByRole("button", { name: "Start" }).click();
  await expect(first.getByRole("button", { name: "Stop" })).toBeVisible();
  const second = await first.context().newPage();
  await second.goto("/volunteer");
  await second.getByRole("button", { name: "Start" }).click();
  const taken = second.getByText("Another tab of this browser already computes. Stop it there first.");
  await expect(taken).toBeVisible();
  await expect(second.getByText("Not started")).toBeVisible();
  await first.getByRole("button", { name: "Stop" }).click();
  await expect(first.getByText("Stopped")).toBeVisible();
  await expect(taken).toBeHidden();
  await second.getByRole("button", { name: "Start" }).click();
  await expect(second.getByText("Nobody needs computing right now.")).toBeVisible();
});
