import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { PAUSE_RULES } from "../../lib/domain/governor/decide-activity.ts";
import { ERROR_CODES } from "../../lib/protocol/errors.ts";
import { WAIT_REASONS } from "../../lib/protocol/exchange/exchange.ts";
import { jobFile } from "../../lib/protocol/jobs/job-json.ts";
import { waitReasons } from "../../lib/text/en/states.ts";
import { ENGINE_REASONS } from "../../workers/volunteer/engine-contract.ts";
import { EXAMPLE } from "./job-json-reference.ts";
import { jobJsonSchema, type SchemaNode } from "./job-json-schema.ts";
import { references } from "./references.ts";

const root = join(import.meta.dirname, "../..");
const pages = await references();

test.each(pages.map(({ path, content }) => [path, content] as const))(
  "%s is what the protocol says today (else: node scripts/generate-reference.ts)",
  async (path, content) => {
    expect(await readFile(join(root, path), "utf8")).toBe(content);
  },
);

describe("the page of errors", () => {
  const page = pages.find(({ path }) => path.endsWith("errors.md"))?.content ?? "";
  const sectionOf = (code: string): string => new RegExp(`^###? ${code}\\n(.*?)(?=^##|$(?![^]))`, "ms").exec(page)?.[1] ?? "";

  test.each(Object.entries(ERROR_CODES))("says under %s what happened and what to do", (code, { status, message, help }) => {
    expect(sectionOf(code)).toContain(`> ${message}\n\n${help}\n`);
    expect(sectionOf(code).includes(`**${status}**`)).toBe(status !== 200);
    expect(page.includes(`| [${code}](#${code}) | ${status} |`)).toBe(status !== 200);
    expect(help).toMatch(/\.$/);
  });

  test.each([...WAIT_REASONS, ...ENGINE_REASONS, ...PAUSE_RULES])("says under %s why a device waits", (code) =>
    expect(sectionOf(code)).toContain(waitReasons[code]),
  );
});

test("every field of job.json says what it is", () => {
  const silent: string[] = [];
  visit("", jobJsonSchema());
  expect(silent).toEqual([]);

  function visit(path: string, node: SchemaNode): void {
    for (const [name, child] of Object.entries(node.properties ?? {})) {
      if (child.description === undefined && child.const === undefined && child.enum === undefined && !isOnlyField(node)) silent.push(`${path}${name}`);
      visit(`${path}${name}.`, child);
    }
    for (const option of [...(node.oneOf ?? []), ...(node.items ? [node.items] : [])]) visit(path, option);
  }

  // The description of the object then speaks of its one field.
  function isOnlyField(node: SchemaNode): boolean {
    return Object.keys(node.properties ?? {}).length === 1;
  }
});

test("every field of job.json, and every alternative, stands in the table", () => {
  const page = pages.find(({ path }) => path.endsWith("job-json.md"))?.content ?? "";
  expect(cellsOf("", jobJsonSchema()).filter((cell) => !page.includes(`| ${cell} |`))).toEqual([]);

  function cellsOf(path: string, node: SchemaNode): string[] {
    const fields = Object.entries(node.properties ?? {}).flatMap(([name, child]) => [cellOf(`${path}${name}`, child), ...insideOf(`${path}${name}`, child)]);
    return [...fields, ...(node.oneOf ?? []).flatMap((option) => cellsOf(path, option))];
  }

  function insideOf(path: string, node: SchemaNode): string[] {
    return [...cellsOf(`${path}.`, node), ...(node.items ? cellsOf(`${path}[].`, node.items) : [])];
  }

  function cellOf(path: string, node: SchemaNode): string {
    return typeof node.const === "string" ? `\`${path}\` = \`${node.const}\`` : `\`${path}\``;
  }
});

test("the example is a valid job.json", () => {
  expect(jobFile.safeParse(EXAMPLE)).toMatchObject({ success: true });
});
