import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { mustBeMended } from "./judge-audit.ts";
import { runAudit } from "./run-audit.ts";

/* npm itself asks a registry that knows three packages; which of them are wrong, and which have a fix, is said here. */
const ADVISORIES = {
  mended: [{ id: 1, url: "https://advisories.example/1", title: "It leaks", severity: "high", vulnerable_versions: "<2.0.0" }],
  unmended: [{ id: 2, url: "https://advisories.example/2", title: "It falls over", severity: "critical", vulnerable_versions: "*" }],
  slight: [{ id: 3, url: "https://advisories.example/3", title: "It stutters", severity: "low", vulnerable_versions: "<2.0.0" }],
  tool: [{ id: 4, url: "https://advisories.example/4", title: "It runs what it reads", severity: "critical", vulnerable_versions: "<2.0.0" }],
};
const NAMES = Object.keys(ADVISORIES);

let folder: string;
let registry: Server;
let url: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "shoal-audit-"));
  const range = (names: string[]) => Object.fromEntries(names.map((name) => [name, "*"]));
  const root = { name: "audited", version: "1.0.0", dependencies: range(NAMES.slice(0, 3)), devDependencies: range(["tool"]) };
  const packages = Object.fromEntries(NAMES.map((name) => [`node_modules/${name}`, { version: "1.0.0", ...(name === "tool" ? { dev: true } : {}) }]));
  await writeFile(join(folder, "package.json"), JSON.stringify(root));
  await writeFile(join(folder, "package-lock.json"), JSON.stringify({ ...root, lockfileVersion: 3, packages: { "": root, ...packages } }));
  registry = createServer((incoming, outgoing) => {
    outgoing.setHeader("content-type", "application/json");
    const name = incoming.url?.slice(1) ?? "";
    if (incoming.method === "POST") outgoing.end(JSON.stringify(ADVISORIES));
    else if (NAMES.includes(name)) {
      const versions = Object.fromEntries(["1.0.0", "2.0.0"].map((version) => [version, { name, version }]));
      outgoing.end(JSON.stringify({ name, "dist-tags": { latest: "2.0.0" }, versions }));
    } else outgoing.writeHead(404).end("{}");
  });
  await new Promise<void>((resolve) => registry.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(registry.address() as AddressInfo).port}/`;
});
afterAll(async () => {
  registry.close();
  registry.closeAllConnections();
  await rm(folder, { recursive: true, force: true });
});

test("what is grave and has a fix must be mended; what has none, what is slight and what only builds is not held against it", async () => {
  const audit = await runAudit(folder, url);
  if (!audit.isKnown) throw new Error(audit.why);
  expect(audit.findings.map(({ name, severity, hasFix }) => [name, severity, hasFix])).toEqual([
    ["unmended", "critical", false],
    ["mended", "high", true],
    ["slight", "low", true],
  ]);
  expect(audit.findings[0]?.advisories).toEqual(["It falls over (https://advisories.example/2)"]);
  expect(audit.findings.filter(mustBeMended).map(({ name }) => name)).toEqual(["mended"]);
});

test("without a registry, or with one that tells nothing of advisories, nothing is known and nothing fails", async () => {
  expect(await runAudit(folder, "http://127.0.0.1:1/")).toMatchObject({ isKnown: false, why: expect.stringMatching(/./) });
  const silent = createServer((_, outgoing) => outgoing.writeHead(405).end());
  await new Promise<void>((resolve) => silent.listen(0, "127.0.0.1", resolve));
  expect(await runAudit(folder, `http://127.0.0.1:${(silent.address() as AddressInfo).port}/`)).toMatchObject({ isKnown: false });
  silent.close();
  silent.closeAllConnections();
});
