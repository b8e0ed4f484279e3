import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, type Page } from "@playwright/test";

/** Counts as many steps as its first argument says, and prints a number. */
export const SPIN = join(import.meta.dirname, "..", "lib/testing/programs/spin.wasm");

/** Submits a job of so many short shards, as a client without pages would; returns its id. */
export async function submitRange(
  owner: Page,
  origin: string,
  { name, shards, ...more }: { name: string; shards: number; visibility?: object; verification?: object; price?: object },
): Promise<string> {
  const program = await readFile(SPIN);
  const sha256 = createHash("sha256").update(program).digest("hex");
  const headers = { origin, "content-type": "application/octet-stream" };
  const uploaded = await owner.request.post(`/api/v1/artifacts?part=program&sha256=${sha256}`, { data: program, headers });
  expect(uploaded.status(), await uploaded.text()).toBeLessThan(300);
  const job = {
    version: 1,
    name,
    program: { runtime: "wasi", artifact: { sha256 }, args: ["1000000"] },
    slicing: { mode: "range", from: 0, to: shards },
    ...more,
  };
  const created = await owner.request.post("/api/v1/jobs", { data: job, headers: { origin } });
  expect(created.status(), await created.text()).toBeLessThan(300);
  return ((await created.json()) as { id: string }).id;
}
