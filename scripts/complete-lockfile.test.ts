import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { missingPlatformPackages } from "./complete-lockfile.mjs";

test("adds the platform packages that are recorded nowhere, with platform, CPU and C library from their names", () => {
  const packages = {
    "": {},
    "node_modules/tool": {
      version: "1.2.3",
      dev: true,
      optionalDependencies: {
        "@tool/linux-x64-gnu": "1.2.3",
        "@tool/linux-x64-musl": "1.2.3",
        "@tool/darwin-amd64": "1.2.3",
        "@tool/wasm32-wasi": "1.2.3",
        extras: "^1.0.0",
      },
    },
    "node_modules/@tool/linux-x64-gnu": { version: "1.2.3" },
  };
  expect(missingPlatformPackages(packages)).toEqual({
    "node_modules/@tool/linux-x64-musl": { version: "1.2.3", cpu: ["x64"], dev: true, libc: ["musl"], optional: true, os: ["linux"] },
    "node_modules/@tool/darwin-amd64": { version: "1.2.3", cpu: ["x64"], dev: true, optional: true, os: ["darwin"] },
    "node_modules/@tool/wasm32-wasi": { version: "1.2.3", cpu: ["wasm32"], dev: true, optional: true },
  });
});

test("this project's lock file is complete (npm run lockfile completes it)", () => {
  const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, never> };
  expect(Object.keys(missingPlatformPackages(packages))).toEqual([]);
});
