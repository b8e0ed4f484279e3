import { chownSync, cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { findBinaries } from "./binaries.ts";
import { choosePlace } from "./choose-place.ts";
import { findServerUser } from "./server-user.ts";

const closed = mkdtempSync(join(tmpdir(), "shoal-closed-home-"));
const made = [closed];

afterAll(() => {
  for (const path of made) rmSync(path, { recursive: true, force: true });
});

test.runIf(process.getuid?.() === 0)("binaries that the server's user cannot reach are copied once to where it can", () => {
  const installed = findBinaries();
  const hidden = join(closed, "node_modules", "native");
  cpSync(installed.folder, hidden, { recursive: true, verbatimSymlinks: true });
  const input = { folder: join(closed, "postgres"), binaries: { folder: hidden, version: installed.version }, user: findServerUser() };
  const place = choosePlace(input);
  made.push(place.base);
  expect(place.native).toBe(join(place.base, `native-${installed.version}`));
  // The stamp is the version in the name: with it there, the original is not read again.
  rmSync(hidden, { recursive: true });
  expect(choosePlace(input).native).toBe(place.native);
});

test.runIf(process.getuid?.() === 0)("a folder that a stranger made under the expected name is not used", () => {
  const input = { folder: join(closed, "elsewhere"), binaries: findBinaries(), user: findServerUser() };
  const expected = choosePlace(input).base;
  made.push(expected);
  rmSync(expected, { recursive: true });
  mkdirSync(expected);
  chownSync(expected, 65_534, 65_534);
  const second = choosePlace(input).base;
  made.push(second);
  expect(second).not.toBe(expected);
  rmSync(expected, { recursive: true });
  symlinkSync(closed, expected);
  expect(choosePlace(input).base).toBe(second);
});
