import { chromium } from "@playwright/test";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openTestInstance } from "#lib/testing/instance/open-test-instance.ts";
import { readTestProgram } from "#lib/testing/programs/build-programs.ts";
import type { createShoal as CreateShoal } from "./shoal.ts";

const CHROMIUM_ARGS = ["--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const JOB_MS_MAX = 120_000;

declare global {
  var sdk: { createShoal: typeof CreateShoal };
}

test(
  "a page in Chromium uploads with progress, runs a job, reads its results in order, and is refused with the field",
  async () => {
    const bundled = await build({ entryPoints: ["sdk/testing/page-entry.ts"], bundle: true, format: "iife", platform: "browser", write: false });
    const script = bundled.outputFiles[0]?.text ?? "";
    const instance = await openTestInstance({ page: '<!doctype html><script src="/script.js"></script>', script });
    const browser = await chromium.launch({ executablePath: process.env.CHROMIUM_PATH ?? "/usr/bin/chromium", args: CHROMIUM_ARGS });
    try {
      await instance.startDevice();
      const { key } = await instance.makeOwner();
      const page = await browser.newPage();
      await page.goto(instance.url);
      const program = Buffer.from(await readTestProgram("shout")).toString("base64");
      const seen = await page.evaluate(
        async ({ key, program }) => {
          const shoal = globalThis.sdk.createShoal({ key });
          const bytes = Uint8Array.from(atob(program), (char) => char.charCodeAt(0));
          const uploads: [string, number, number][] = [];
          const job = await shoal.run(
            { program: bytes, input: new Blob(["a\nb\nc\n"]), slicing: { mode: "lines" }, verification: { quorum: 1 } },
            { onUpload: ({ part, sentBytes, totalBytes }) => uploads.push([part, sentBytes, totalBytes]) },
          );
          const texts: string[] = [];
          for await (const result of job.results()) texts.push(result.ok ? result.text() : "failed");
          const mapped: string[] = [];
          for await (const text of shoal.map(["x", "y"], bytes, { verification: { quorum: 1 } })) mapped.push(text);
          const refusal = await shoal
            .run({ program: bytes, slicing: { mode: "range", from: 0, to: 1, step: 0 } })
            .catch((error: { code: string; field: string }) => `${error.code} ${error.field}`);
          return { texts, mapped, refusal, first: uploads[0], last: uploads.at(-1) };
        },
        { key, program },
      );
      expect(seen).toEqual({
        texts: ["A\n", "B\n", "C\n"],
        mapped: ["X", "Y"],
        refusal: "bad_request slicing.step",
        first: ["program", 0, expect.any(Number)],
        last: ["input", 6, 6],
      });
    } finally {
      await browser.close();
      await instance.close();
    }
  },
  JOB_MS_MAX,
);
