import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { BuiltPages, hashInlineScripts } from "./built-pages.ts";

const folder = await mkdtemp(join(tmpdir(), "shoal-built-"));
afterAll(() => rm(folder, { recursive: true }));
const digest = (script: string) => createHash("sha256").update(script).digest("base64");

test("inline scripts are hashed once each, whatever their attributes; scripts with an address are not", () => {
  const html = '<head><script>a()</script><script src="/x.js" async=""></script><script id="_R_">b("<\\/script>")\n</script><script>a()</script></head>';
  expect(hashInlineScripts(html)).toEqual([digest("a()"), digest('b("<\\/script>")\n')]);
});

test("a page of the build is known by its route, also when the build wrote no HTML for what it lists; nothing else is read", async () => {
  await mkdir(join(folder, "server/app/en"), { recursive: true });
  await writeFile(join(folder, "prerender-manifest.json"), JSON.stringify({ routes: { "/en/network": {}, "/en/docs/search.json": {} } }));
  await writeFile(join(folder, "server/app/en/network.html"), "<script>c()</script>");
  await writeFile(join(folder, "server/secret.html"), "<script>d()</script>");
  const pages = new BuiltPages(folder);
  expect(await pages.findDigests("/en/network")).toEqual([digest("c()")]);
  expect(await pages.findDigests("/en/docs/search.json")).toBeNull();
  expect(await pages.findDigests("/en/jobs")).toBeNull();
  expect(await pages.findDigests("/en/../../secret")).toBeNull();
});

test("without a build every page is rendered for each request", async () => {
  expect(await new BuiltPages(join(folder, "nowhere")).findDigests("/en")).toBeNull();
});
