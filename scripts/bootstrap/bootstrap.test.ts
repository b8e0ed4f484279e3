import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { installReason, isMajorAtLeast, pathOutside } from "./decide.mjs";
import { holdLock } from "./hold-lock.mjs";
import { processStartedAt } from "./process-identity.mjs";

const folder = mkdtempSync(join(tmpdir(), "shoal-bootstrap-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("installReason", () => {
  const lock = {
    packages: {
      "": { version: "0.1.0" },
      "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" },
      "node_modules/@esbuild/darwin-x64": { version: "0.28.2", optional: true },
      "node_modules/vite/node_modules/esbuild": { version: "0.25.0" },
    },
  };
  const installed = {
    packages: { "node_modules/zod": { version: "4.6.7", integrity: "sha512-a" }, "node_modules/vite/node_modules/esbuild": { version: "0.25.0" } },
  };

  test("asks for nothing when everything but other platforms' packages is there", () => {
    expect(installReason(lock, installed)).toBeNull();
  });

  test("asks for an install when npm recorded none", () => {
    expect(installReason(lock, null)).toBe("dependencies are not installed yet");
  });

  test("names a package that is missing", () => {
    expect(installReason(lock, { packages: { "node_modules/zod": { version: "4.6.7" } } })).toBe("esbuild is missing");
  });

  test("names a package of another version", () => {
    const older = { packages: { ...installed.packages, "node_modules/zod": { version: "4.6.6" } } };
    expect(installReason(lock, older)).toBe("zod is 4.6.6, the lock file says 4.6.7");
  });

  test("names a package whose file is another one than the locked", () => {
    const other = { packages: { ...installed.packages, "node_modules/zod": { version: "4.6.7", integrity: "sha512-b" } } };
    expect(installReason(lock, other)).toBe("zod is not the locked file");
  });

  test("finds this checkout's own installation complete", () => {
    const read = (path: string) => JSON.parse(readFileSync(path, "utf8")) as typeof lock;
    expect(installReason(read("package-lock.json"), read("node_modules/.package-lock.json"))).toBeNull();
  });
});

test.each([
  ["10.9.9", 10, true],
  ["11.19.1\n", 10, true],
  ["9.8.0", 10, false],
  ["", 10, false],
])("version %j is at least %i: %j", (version, major, expected) => {
  expect(isMajorAtLeast(version, major)).toBe(expected);
});

test("npm is looked for outside this checkout's own node_modules", () => {
  expect(pathOutside("/a/node_modules/.bin:/usr/bin::/ab/node_modules/.bin:/bin", "/a", ":")).toBe("/usr/bin:/ab/node_modules/.bin:/bin");
});

describe("holdLock", () => {
  test("refuses a second holder with the first one's notes until it is released", () => {
    const path = join(folder, "notes.lock");
    const first = holdLock(path, { command: "npm run demo" });
    expect(holdLock(path).holder).toMatchObject({ pid: process.pid, command: "npm run demo" });
    first.release?.();
    expect(existsSync(path)).toBe(false);
    holdLock(path).release?.();
  });

  test.each([
    ["whose process is gone", JSON.stringify({ pid: 4_194_304, startedAt: "1" })],
    ["whose pid another process has by now", JSON.stringify({ pid: process.pid, startedAt: "1" })],
    ["that holds no lock's text", "\0\0"],
  ])("takes over a lock %s", (_, text) => {
    const path = join(folder, "stale.lock");
    writeFileSync(path, text);
    const lock = holdLock(path);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ pid: process.pid, startedAt: processStartedAt(process.pid) });
    lock.release?.();
  });

  test("lets one of many at a time in, though each starts from a stale lock", async () => {
    const path = join(folder, "race.lock");
    const inside = join(folder, "inside");
    const log = join(folder, "entries.txt");
    writeFileSync(path, JSON.stringify({ pid: 4_194_304, startedAt: "1" }));
    const program = `import { holdLock } from ${JSON.stringify(new URL("./hold-lock.mjs", import.meta.url).href)};
      import { appendFileSync, rmSync, writeFileSync } from "node:fs";
      for (let entered = 0; entered < 20; ) {
        const lock = holdLock(${JSON.stringify(path)});
        if (!lock.release) continue;
        writeFileSync(${JSON.stringify(inside)}, "", { flag: "wx" });
        appendFileSync(${JSON.stringify(log)}, "x");
        rmSync(${JSON.stringify(inside)});
        lock.release();
        entered++;
      }`;
    const children = Array.from({ length: 4 }, () => spawn(process.execPath, ["--input-type=module", "--eval", program], { stdio: "inherit" }));
    const codes = await Promise.all(children.map(async (child) => ((await once(child, "exit")) as [number])[0]));
    expect(codes).toEqual([0, 0, 0, 0]);
    expect(readFileSync(log, "utf8")).toHaveLength(80);
  });
});
