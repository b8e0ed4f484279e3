import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "./people.ts";

const ROOT = join(import.meta.dirname, "..");
const STARTED_MS_MAX = 60_000;

const programs: ChildProcess[] = [];
let profiles = "";
test.beforeAll(async () => {
  profiles = await mkdtemp(join(tmpdir(), "shoal-checking-"));
});
test.afterEach(() => {
  for (const program of programs.splice(0)) program.kill();
});
test.afterAll(async () => {
  await rm(profiles, { recursive: true, force: true });
});

/** Runs the command that the page shows, word by word but for where it keeps its key; what it prints on the way. */
function runShown(line: string, profile: string): { printed: () => string; ended: Promise<number | null> } {
  const words = line.trim().split(" ");
  const told = words.slice(words.indexOf("--") + 1, words.indexOf("--name"));
  const program = spawn(process.execPath, [join(ROOT, "cli/shoal.ts"), ...told, "--profile", join(profiles, profile)], { stdio: ["ignore", "pipe", "pipe"] });
  programs.push(program);
  let printed = "";
  for (const stream of [program.stdout, program.stderr])
    stream.on("data", (chunk: Buffer) => {
      printed += chunk.toString();
    });
  return { printed: () => printed, ended: new Promise((resolve) => program.once("exit", resolve)) };
}

test("an owner adds a machine that checks their jobs by the command that is shown once, sees it there, and revokes it", async ({ owner }) => {
  test.setTimeout(3 * STARTED_MS_MAX);
  await owner.goto("/account");
  const card = owner.locator("section").filter({ has: owner.getByRole("heading", { name: "Devices that check your jobs" }) });
  await expect(card.getByText("None yet.")).toBeVisible();
  await card.getByRole("button", { name: "Add a device" }).click();
  const shown = owner.getByTestId("secret");
  const line = (await shown.textContent()) ?? "";
  expect(line).toContain(new URL(owner.url()).origin);
  await card.getByRole("button", { name: "Done" }).click();
  await expect(shown).toBeHidden();

  const machine = runShown(line, "mine");
  const row = card.getByRole("listitem").filter({ hasText: "last seen" });
  await expect(async () => {
    await owner.reload();
    await expect(row).toHaveCount(1, { timeout: 3000 });
  }).toPass({ timeout: STARTED_MS_MAX });
  await expect(row).toContainText("0 the same, 0 unclear");
  await expect(card.getByText("None yet.")).toBeHidden();

  // The code has been used: whoever read it over the owner's shoulder gets nothing for it.
  const stranger = runShown(line, "stranger");
  expect(await stranger.ended).not.toBe(0);
  await owner.reload();
  await expect(row).toHaveCount(1);

  await row.getByRole("button", { name: /^Revoke / }).click();
  const dialog = owner.getByRole("dialog", { name: "Revoke this device?" });
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toHaveCount(1);
  await row.getByRole("button", { name: /^Revoke / }).click();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await expect(card.getByText("None yet.")).toBeVisible();
  expect(await machine.ended, machine.printed()).not.toBe(0);
});
