import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./people.ts";

test("a program is written, corrected at the line that is wrong, tried in the sandbox, and becomes the program of a new job", async ({ owner }) => {
  const refused: string[] = [];
  owner.on("console", (message) => {
    if (message.text().includes("Content Security Policy")) refused.push(message.text());
  });
  await owner.goto("/editor");
  const source = owner.getByRole("textbox", { name: "Source" });
  await expect(source).toContainText("countWords");
  await expectAccessible(owner);

  await source.click();
  await owner.keyboard.press("Control+a");
  await owner.keyboard.insertText('import { readInput, writeOutput } from "./shoal";\n\nwriteOutput(readInput().toUpperCaze());\n');
  await owner.getByRole("button", { name: "Compile" }).click();
  await expect(owner.getByRole("button", { name: "Line 3, column 25" })).toBeVisible({ timeout: 60_000 });
  await expect(owner.getByText(/'toUpperCaze' does not exist/)).toBeVisible();
  await expect(owner.getByRole("button", { name: "Run one shard here" })).toBeDisabled();

  await owner.getByRole("button", { name: "Line 3, column 25" }).click();
  await owner.keyboard.press("Control+a");
  await owner.keyboard.insertText('import { readInput, writeOutput } from "./shoal";\n\nwriteOutput(readInput().toUpperCase());\n');
  await owner.keyboard.press("Control+Enter");
  await expect(owner.getByText(/^Compiled in/)).toBeVisible({ timeout: 60_000 });
  await owner.getByLabel("Input to try it with").fill("a small shard\n");
  await owner.getByRole("button", { name: "Run one shard here" }).click();
  await expect(owner.getByText("A SMALL SHARD")).toBeVisible({ timeout: 60_000 });
  await expectAccessible(owner);

  await owner.reload();
  await expect(source).toContainText("toUpperCase");
  await owner.getByRole("button", { name: "Compile" }).click();
  await owner.getByRole("button", { name: "Use as program" }).click({ timeout: 60_000 });
  await expect(owner.getByRole("region", { name: "What the program is" })).toContainText("It can run here.");
  await expect(owner.getByText("program.wasm").first()).toBeVisible();
  expect(refused).toEqual([]);
});
