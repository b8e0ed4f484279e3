import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getTemplateFile as endpoint, TEMPLATES } from "#lib/protocol/templates/templates.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { handleDownload } from "../http/handle.ts";
import { getTemplateFile } from "./get-template-file.ts";
import { readTemplateResult } from "./read-result.ts";
import { listTemplates } from "./read-template.ts";

let services: TestServices;
beforeAll(async () => {
  services = await openTestServices();
});
afterAll(() => services.close());

async function open(template: string, path: string): Promise<Response> {
  const door = handleDownload(endpoint, getTemplateFile, async () => services);
  return await door(new Request(`${services.config.origin}/api/v1/templates/${template}/file?${new URLSearchParams({ path })}`));
}

test.each(TEMPLATES)("%s has a program, every file that its job names, and a result that can be shown", async (id) => {
  const template = (await listTemplates()).find((listed) => listed.id === id);
  if (!template) throw new Error("not listed");
  const { job, files } = template;
  const named = [job.program.artifact, ...(job.input ? [job.input] : []), ...job.files.map(({ artifact }) => artifact)];
  expect(named.every((reference) => "path" in reference && files.some(({ path }) => path === reference.path))).toBe(true);
  expect(files.some(({ role }) => role === "result")).toBe(true);
  const result = await readTemplateResult(template, 3);
  if (result.kind === "table") expect(result.rows.every((row) => row.length === result.columns.length)).toBe(true);
  else expect((await open(id, result.path)).status).toBe(200);
});

describe("a file of a template", () => {
  test("is given to anybody, whole, as bytes that no browser shows or runs", async () => {
    const response = await open("power-grid", "input/case118/bus.csv");
    expect(response.status).toBe(200);
    expect(response.headers.get("content-security-policy")).toBe("sandbox");
    expect(response.headers.get("content-disposition")).toBe('attachment; filename="bus.csv"');
    expect(await response.text()).toMatch(/^bus_i,type,Pd/);
  });

  test.each(["../../package.json", "/etc/passwd", "input/../../../package.json", "input/case14/bus.csv", "README.md", "constructor"])(
    "%s is none, because the template does not list it",
    async (path) => {
      expect((await open("power-grid", path)).status).toBe(404);
    },
  );

  test("of a template that does not exist is refused with the field named", async () => {
    const response = await open("..", "package.json");
    expect([response.status, await response.json()]).toMatchObject([400, { error: { params: { field: "template" } } }]);
  });
});
