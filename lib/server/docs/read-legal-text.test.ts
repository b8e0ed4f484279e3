import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { blockText } from "#lib/domain/doc/doc-tree.ts";
import { LEGAL_TEXTS } from "#lib/protocol/legal/legal.ts";
import { readLegalText } from "./read-legal-text.ts";

const SHIPPED = join(import.meta.dirname, "..", "..", "..", "docs", "legal");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-legal-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(LEGAL_TEXTS)("%s", (name) => {
  test("ships with a version, a title and text, and shows no trace of its front matter", async () => {
    const text = await readLegalText(name, SHIPPED);
    expect(text).toMatchObject({
      name,
      version: expect.stringMatching(/^2026-11-\d\d$/),
      title: expect.stringMatching(/\S/),
      description: expect.stringMatching(/\S/),
    });
    expect(text.headings.length).toBeGreaterThan(3);
    expect(text.blocks.map(blockText).join(" ")).not.toContain("version:");
  });
});

test("an operator's own text takes its place, and a change shows at the next reading", async () => {
  const file = join(folder, "terms.md");
  await writeFile(file, "---\nversion: 2027-01-02\n---\n\n# House rules\n\nBe kind. See [privacy](privacy.md).\n");
  const text = await readLegalText("terms", folder);
  expect(text).toMatchObject({ version: "2027-01-02", title: "House rules" });
  expect(text.blocks).toContainEqual(
    expect.objectContaining({ inlines: expect.arrayContaining([{ kind: "link", href: "/privacy", inlines: [{ kind: "text", text: "privacy" }] }]) }),
  );
  await writeFile(file, "---\r\nversion: 2027-02-03\r\n---\r\n\r\n# Other rules\r\n\r\nBe kinder.\r\n");
  expect(await readLegalText("terms", folder)).toMatchObject({ version: "2027-02-03", title: "Other rules" });
});

test.each([
  ["no version", "# Rules\n\nBe kind.\n"],
  ["a version that is no date", "---\nversion: 2027-13-45\n---\n\n# Rules\n\nBe kind.\n"],
  ["a version of words", "---\nversion: second\n---\n\n# Rules\n\nBe kind.\n"],
  ["no title", "---\nversion: 2027-01-02\n---\n\nBe kind.\n"],
])("a text with %s is refused by its name", async (_, content) => {
  await writeFile(join(folder, "privacy.md"), content);
  await expect(readLegalText("privacy", folder)).rejects.toThrow("privacy.md");
});

test("what an operator's text holds is text: no script, no address that runs something", async () => {
  await writeFile(
    join(folder, "privacy.md"),
    "---\nversion: 2027-01-02\n---\n\n# Privacy\n\n<script>alert(1)</script>\n\n[click](javascript:alert(1)) here.\n",
  );
  const { blocks } = await readLegalText("privacy", folder);
  expect(JSON.stringify(blocks)).not.toContain('"href"');
  expect(blocks.map(blockText)).toContain("<script>alert(1)</script>");
});
