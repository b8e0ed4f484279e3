import { expectAccessible } from "./accessible.ts";
import { expect, test } from "./people.ts";

test("a newcomer picks a template, sees its known result, and has a job that is ready to be submitted", async ({ owner }) => {
  await owner.goto("/templates");
  await expect(owner.getByRole("heading", { level: 2 })).toHaveCount(7);
  await expect(owner.getByRole("table", { name: /overloaded lines/ }).getByRole("row")).toHaveCount(5);
  await expect(owner.getByText("Loading the result")).toHaveCount(0);
  await expectAccessible(owner);

  await owner.getByRole("link", { name: "Power grid, N-1" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: "Power grid, N-1" })).toBeVisible();
  await expectAccessible(owner);
  const [source] = await Promise.all([owner.waitForEvent("download"), owner.getByRole("link", { name: "Download src/flow.c" }).click()]);
  expect(source.suggestedFilename()).toBe("flow.c");

  await owner.getByRole("link", { name: "Use this template" }).click();
  await expect(owner.getByText("This is the template “Power grid, N-1”.")).toBeVisible();
  await expect(owner.getByText("187 shards in all.")).toBeVisible();
  await expect(owner.getByRole("region", { name: "What the program is" })).toContainText("It can run here.");

  await expect(owner.getByText(/^Draft kept in this browser/)).toBeVisible();
  await owner.goto("/jobs/new?template=protein-search");
  await expect(owner.getByText("You have a draft here")).toBeVisible();
  await owner.getByRole("button", { name: "Keep the draft" }).click();
  await expect(owner.getByText("187 shards in all.")).toBeVisible();
  await owner.reload();
  await owner.getByRole("button", { name: "Replace the draft" }).click();
  await expect(owner.getByText("51 shards in all.")).toBeVisible();

  await owner.getByLabel(/I may share these files/).check();
  await owner.getByRole("button", { name: "Submit job" }).click();
  await expect(owner.getByRole("heading", { level: 1, name: /Protein search/ })).toBeVisible();
});
