import { afterEach, expect, test } from "vitest";
import { ensureChromium } from "./ensure-chromium.ts";

const chosen = process.env.CHROMIUM_PATH;
afterEach(() => {
  if (chosen === undefined) delete process.env.CHROMIUM_PATH;
  else process.env.CHROMIUM_PATH = chosen;
});

test("takes the browser that CHROMIUM_PATH names", () => {
  process.env.CHROMIUM_PATH = process.execPath;
  expect(ensureChromium()).toBe(process.execPath);
});

test("says so when what CHROMIUM_PATH names does not run", () => {
  process.env.CHROMIUM_PATH = "/nothing/here";
  expect(() => ensureChromium()).toThrow("CHROMIUM_PATH is /nothing/here, and that does not run");
});
