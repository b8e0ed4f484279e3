import type { Page } from "@playwright/test";
import { expectAccessible } from "./accessible.ts";
import { expect, startComputing, test } from "./people.ts";

test("a device's words are shown on request alone, and make another browser the same device", async ({ openVolunteer }) => {
  const page = await openVolunteer();
  await page.setViewportSize({ width: 390, height: 844 });
  await page.getByText("Recover or move a device").click();
  await expect(page.getByText("This browser is no device yet.")).toBeVisible();
  await startComputing(page);
  await expect(page.getByText("Nobody needs computing right now.")).toBeVisible();
  const device = await thumbprintOf(page);
  await page.getByRole("button", { name: "Stop" }).click();
  await page.reload();
  await page.getByText("Recover or move a device").click();
  await page.getByRole("button", { name: "Show the twelve words" }).click();
  const words = await page.getByRole("list", { name: "The words in their order" }).getByRole("listitem").allTextContents();
  const phrase = words.map((word) => word.replace(/^\d+/, "").trim());
  expect(phrase).toHaveLength(12);
  await page.getByRole("button", { name: "Hide the words" }).click();
  await expect(page.getByRole("list", { name: "The words in their order" })).toHaveCount(0);

  const other = await openVolunteer();
  await startComputing(other);
  await expect(other.getByText("Nobody needs computing right now.")).toBeVisible();
  expect(await thumbprintOf(other)).not.toBe(device);
  await other.getByText("Recover or move a device").click();
  const field = other.getByLabel("Twelve words");
  const restore = other.getByRole("button", { name: "Restore this device" });
  await field.fill(phrase.join(" "));
  await restore.click();
  await expect(other.getByText("A tab of this browser computes. Press Stop there first.")).toBeVisible();
  await other.getByRole("button", { name: "Stop" }).click();
  await expect(other.getByText("Stopped")).toBeVisible();
  await field.fill(phrase.with(0, "shoalfish").join(" "));
  await restore.click();
  await expect(other.getByText("Not in the list of words: shoalfish.")).toBeVisible();
  await expectAccessible(other);
  await field.fill(phrase.join("\n").toUpperCase());
  await restore.click();
  await expect(other.getByText("This browser goes on as that device.")).toBeVisible();
  expect(await thumbprintOf(other)).toBe(device);
  await startComputing(other);
  await expect(other.getByText("Nobody needs computing right now.")).toBeVisible();
});

/** The public half of the key that this profile keeps, as text; the private half must not be there to take. */
async function thumbprintOf(page: Page): Promise<string> {
  return await page.evaluate(async () => {
    const opened = indexedDB.open("shoal-device");
    await new Promise((resolve) => opened.addEventListener("success", resolve));
    const read = opened.result.transaction("device").objectStore("device").get("key");
    await new Promise((resolve) => read.addEventListener("success", resolve));
    opened.result.close();
    const { publicKey, privateKey } = read.result as { publicKey: CryptoKey; privateKey: CryptoKey };
    if (privateKey.extractable) throw new Error("the private key can be taken away");
    return JSON.stringify(await crypto.subtle.exportKey("jwk", publicKey));
  });
}
