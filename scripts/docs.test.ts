import { createHash } from "node:crypto";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { calculateJwkThumbprint } from "jose";
import { describe, expect, test } from "vitest";
import type { z } from "zod";
import { HELP } from "../cli/help.ts";
import { shardSeed } from "../lib/domain/program/seed.ts";
import { shardRange } from "../lib/domain/slicing/range.ts";
import { SLICING_MODES } from "../lib/domain/slicing/slicing.ts";
import * as accounts from "../lib/protocol/accounts/accounts.ts";
import * as devices from "../lib/protocol/devices/devices.ts";
import type { Endpoint } from "../lib/protocol/endpoint.ts";
import { ERROR_CODES, type ErrorCode, errorMessage, type WireError } from "../lib/protocol/errors.ts";
import * as exchanges from "../lib/protocol/exchange/exchange.ts";
import { jobFile } from "../lib/protocol/jobs/job-json.ts";
import { waitReasons } from "../lib/text/en/states.ts";
import { volunteer } from "../lib/text/en/volunteer.ts";
import { listEndpoints } from "./reference/list-endpoints.ts";

const ROOT = join(import.meta.dirname, "..");
const endpoints = await listEndpoints();
const README_LINES_MAX = 60;
/** Read by the gateway alone. */
const GATEWAY_SETTINGS = ["`GATEWAY_PORT`", "`GATEWAY_HOST`"];
const PAGES = globSync("{*.md,{docs,examples,lib,workers,app,cli,ops,bench,e2e,scripts}/**/*.md}", { cwd: ROOT }).sort();
const read = (path: string): string => readFileSync(join(ROOT, path), "utf8");

/** The text outside fenced blocks: what stands inside is code of somebody's, not a reference to ours. */
const proseOf = (page: string): string => read(page).replace(/^( *)```.*?^\1```/gms, "");
/** The anchor GitHub gives a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N} _-]/gu, "")
    .replaceAll(" ", "-");
const anchorsOf = (page: string): string[] => [...proseOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

describe("every page of documentation", () => {
  test("there are pages to look at", () => expect(PAGES).toEqual(expect.arrayContaining(["README.md", "ARCHITECTURE.md", "docs/reference/protocol.md"])));

  test.each(PAGES)("%s links to what exists", (page) => {
    const links = [...proseOf(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = ""]) => target).filter((target) => !/^[a-z]+:/.test(target));
    const broken = links.filter((target) => {
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : normalize(join(dirname(page), path));
      if (!existsSync(join(ROOT, file))) return true;
      return anchor !== undefined && !anchorsOf(file).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test.each(PAGES)("%s names only files that exist", (page) => {
    const missing = [...proseOf(page).matchAll(/`([^`\n]+)`/g)].map(([, text = ""]) => text).filter((text) => looksLikePath(text) && !isThere(page, text));
    expect(missing).toEqual([]);
  });

  test.each(PAGES)("%s names only commands that package.json has", (page) => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const named = [...read(page).matchAll(/\bnpm run ([a-z][a-z0-9:-]*)/g)].map(([, name = ""]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });
});

test("the README is short", () => expect(read("README.md").trimEnd().split("\n").length).toBeLessThanOrEqual(README_LINES_MAX));

const ROOMS = /^(app|bench|cli|docs|drizzle|e2e|examples|lib|ops|public|scripts|workers)\//;

/** Paths from the repository's root, and files beside the page; `…`, `*` and `<name>` stand for something. */
function looksLikePath(text: string): boolean {
  if (/[\s*…<>{}$=]/.test(text)) return false;
  return ROOMS.test(text) || /^[\w-]+\.(md|ts|mjs|json|sql|c|toml)$/.test(text);
}

function isThere(page: string, path: string): boolean {
  return [path, join(dirname(page), path)].some((candidate) => existsSync(join(ROOT, candidate))) || (!path.includes("/") && hasFileNamed(path));
}

/** A file named without its folder is looked for everywhere: the sentence around it says where. */
function hasFileNamed(name: string): boolean {
  return (
    globSync(`{.,app,bench,cli,docs,drizzle,e2e,examples,lib,ops,public,scripts,workers}/**/${name}`, {
      cwd: ROOT,
      exclude: ["node_modules", ".next", ".local"],
    }).length > 0
  );
}

describe("docs/reference/protocol.md", () => {
  const page = "docs/reference/protocol.md";
  const blocks = [...read(page).matchAll(/^```json ?(\S*)\n(.*?)^```/gms)].map(([, name = "", text = ""]) => ({ name, text }));

  test.each(blocks)("the document $name (case %#) is valid", ({ name, text }) => {
    const value: unknown = JSON.parse(text);
    if (name === "error") return expectWireError(value as { error: WireError });
    const [endpointName, side] = name.split(".");
    const endpoint = endpoints.find((candidate) => candidate.name === endpointName);
    const schema: z.ZodType | undefined = side === "input" ? endpoint?.input : endpoint?.output;
    expect(schema?.safeParse(value)).toMatchObject({ success: true });
  });

  test("every endpoint stands in the table with its scope, and no other", () => {
    const rows = [...read(page).matchAll(/^\| `((?:GET|POST|PUT|DELETE) \/api[^`]+)` \|[^|]*\| (?:`([^`]+)`)? ?\|$/gm)].map(
      ([, call, scope]) => `${call} ${scope ?? ""}`,
    );
    const scopeOf = ({ name, scope }: Endpoint): string => (name === "getArtifact" ? "jobs:read" : (scope ?? ""));
    expect(rows.sort()).toEqual(endpoints.map((endpoint) => `${endpoint.method} ${endpoint.path} ${scopeOf(endpoint)}`).sort());
  });

  test("the device's thumbprint, statement and signature are real", async () => {
    const registration = devices.registerDevice.input.parse(JSON.parse(blocks.find(({ name }) => name === "registerDevice.input")?.text ?? ""));
    const challenge = accounts.createChallenge.output.parse(JSON.parse(blocks.find(({ name }) => name === "createChallenge.output")?.text ?? ""));
    const key = await crypto.subtle.importKey("jwk", registration.publicKey, { name: "ECDSA", namedCurve: "P-256" }, true, ["verify"]);
    const statement = devices.deviceStatement(challenge, await calculateJwkThumbprint(registration.publicKey, "sha256"));
    expect(read(page)).toContain(`\`\`\`text statement\n${statement}\n\`\`\``);
    const signature = Buffer.from(registration.signature, "base64url");
    expect(await crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, signature, new TextEncoder().encode(statement))).toBe(true);
  });

  test("reported outputs have the digests beside them, failures and seeds those of the tables", () => {
    for (const { name, text } of blocks.filter((block) => block.name === "exchange.input")) {
      const { reports } = exchanges.exchange.input.parse(JSON.parse(text));
      for (const { digest, output } of reports.flatMap((report) => report.results)) {
        if (output !== undefined) expect(sha256(Buffer.from(output, "base64")), name).toBe(digest);
      }
    }
    const failures = [...read(page).matchAll(/^\| `([a-z_ 0-9]+)` \| `([0-9a-f]{64})` \|$/gm)];
    expect(failures.length).toBeGreaterThan(0);
    for (const [, failure = "", digest] of failures) expect(sha256(failure)).toBe(digest);
    expect(read(page)).toContain(`are ${shardSeed(0n, 0)} and ${shardSeed(0n, 1)}.`);
  });
});

describe("docs/operations/run-in-production.md", () => {
  test("every setting of the server stands in its table, and no other", () => {
    const rows = [...read("docs/operations/run-in-production.md").matchAll(/^\| (`[A-Z_]+`(?:, `[A-Z_]+`)*) \|/gm)].flatMap(([, names = ""]) =>
      names.split(", "),
    );
    const sources = ["config", "chain-config", "further-chains", "push-config"].map((name) => read(`lib/server/config/${name}.ts`)).join("\n");
    const settings = [...sources.matchAll(/^ {2}([A-Z][A-Z_]+): (?:z|address|privateKey|corsOrigins)\b/gm)].map(([, name]) => `\`${name}\``);
    expect(rows.sort()).toEqual([...settings, ...GATEWAY_SETTINGS].sort());
  });
});

describe("docs/guide/run-a-headless-device.md", () => {
  test("explains every option of the command that lends", () => {
    const [, lending = ""] = /shoal volunteer .*?\n(.*?)\n\n/s.exec(HELP) ?? [];
    const options = [...lending.matchAll(/^ +(--[\w-]+)/gm)].map(([, option = ""]) => option);
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((option) => !new RegExp(`^\\| \`${option}[ \`]`, "m").test(read("docs/guide/run-a-headless-device.md")))).toEqual([]);
  });
});

describe("docs/guide/why-am-i-idle.md", () => {
  test("explains every reason for which a page waits, in the page's own words", () => {
    const rows = [...read("docs/guide/why-am-i-idle.md").matchAll(/^\| ([A-Z][^|]+?) \|/gm)].map(([, sentence = ""]) => sentence);
    const sentences = [...Object.values(waitReasons), volunteer.otherTab].map((sentence) => sentence.replaceAll(/\{[^}]+\}/g, "…"));
    expect(sentences.filter((sentence) => !rows.some((row) => sentence.startsWith(row)))).toEqual([]);
  });
});

describe("docs/guide/what-is-stored.md", () => {
  const page = read("docs/guide/what-is-stored.md");
  const sources = globSync("{lib,app,workers}/**/*.{ts,tsx}", { cwd: ROOT, exclude: ["**/*.test.ts", "workers/sandbox/attempts/**"] }).map(read);

  test("names places that the code keeps something in", () => {
    const named = [...page.matchAll(/`(shoal[._-][\w-]+|lang)`/g)].map(([, name = ""]) => name);
    expect(named.length).toBeGreaterThan(4);
    expect(named.filter((name) => !sources.some((source) => source.includes(`"${name}"`)))).toEqual([]);
  });

  test("names every place in the browser that the code keeps something in", () => {
    const keeping = sources.filter((source) => /\b(?:localStorage|sessionStorage|indexedDB|openDB|caches)\b[.(<]/.test(source));
    const names = keeping.map((source) => [...source.matchAll(/"(shoal[._-][\w-]+)"/g)].map(([, name = ""]) => name));
    expect(names.length).toBeGreaterThan(4);
    expect(names.filter((named) => named.length === 0 || named.some((name) => !page.includes(`\`${name}\``)))).toEqual([]);
  });
});

describe("docs/guide/cut-an-input.md", () => {
  const blocks = [...read("docs/guide/cut-an-input.md").matchAll(/^```json slicing\n(.*?)^```/gms)].map(([, text = ""]) => text);
  const examples = blocks.map((text) => jobFile.shape.slicing.parse(JSON.parse(text)));

  test("has a valid example of every way of slicing", () => {
    expect(examples.map(({ mode }) => mode).sort()).toEqual([...SLICING_MODES].sort());
  });

  test("says the ranges that its example makes", () => {
    const [range] = examples.filter((example) => example.mode === "range");
    if (!range) throw new Error("the page has no range");
    for (const no of [0, 1]) expect(read("docs/guide/cut-an-input.md")).toContain(`\`${Object.values(shardRange(range, no)).join(" ")}\``);
  });
});

function sha256(content: string | Uint8Array): string {
  return createHash("sha256").update(content).digest("hex");
}

function expectWireError({ error }: { error: WireError }): void {
  expect(Object.keys(ERROR_CODES)).toContain(error.code);
  expect(error.message).toBe(errorMessage(error.code as ErrorCode, error.params));
}
