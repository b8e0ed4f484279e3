import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { expect, startComputing, stateOf, test } from "./people.ts";

/** Gives back what it is given, as long as that is no letter. */
const SHOUT = join(import.meta.dirname, "..", "lib/testing/programs/shout.wasm");
const SIDE = 16;
const [COLUMNS, TILES] = [4, 16];
/** Bright enough to be no letter, and another grey for each tile. */
const greyOf = (tile: number) => 130 + tile * 8;
/** Whether a job is published is asked every half minute, and seldomer while nothing changes. */
const APPEARS_MS_MAX = 100_000;

async function upload(owner: Page, origin: string, part: "program" | "input", bytes: Buffer): Promise<string> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const headers = { origin, "content-type": "application/octet-stream" };
  const answer = await owner.request.post(`/api/v1/artifacts?part=${part}&sha256=${sha256}`, { data: bytes, headers });
  expect(answer.status(), await answer.text()).toBeLessThan(300);
  return sha256;
}

/** A published job whose result is a picture of grey tiles, each of which two devices have to agree on. */
async function submitMosaic(owner: Page, origin: string, name: string): Promise<string> {
  const pixels = Buffer.concat(Array.from({ length: TILES }, (_, tile) => Buffer.alloc(SIDE * SIDE, greyOf(tile))));
  const job = {
    version: 1,
    name,
    program: { runtime: "wasi", artifact: { sha256: await upload(owner, origin, "program", await readFile(SHOUT)) }, args: [] },
    input: { sha256: await upload(owner, origin, "input", pixels) },
    slicing: { mode: "bytes", bytesPerShard: SIDE * SIDE },
    output: { format: "tile", tile: { width: SIDE, height: SIDE, pixels: "grey8" } },
    reducer: { kind: "mosaic", columns: COLUMNS },
    verification: { assurance: "instant", quorum: 2, replicasMax: 4 },
  };
  const created = await owner.request.post("/api/v1/jobs", { data: job, headers: { origin } });
  expect(created.status(), await created.text()).toBeLessThan(300);
  const { id } = (await created.json()) as { id: string };
  expect((await owner.request.put(`/api/v1/jobs/${id}/publication`, { headers: { origin } })).ok()).toBe(true);
  return id;
}

/** The grey and the opacity in the middle of each tile of the picture that is shown. */
async function tilesOf(page: Page, label: string): Promise<[grey: number, alpha: number][]> {
  return await page.getByRole("img", { name: label }).evaluate(
    (picture, [columns, tiles]) => {
      const canvas = picture as HTMLCanvasElement;
      const context = canvas.getContext("2d");
      const side = canvas.width / columns;
      return Array.from({ length: tiles }, (_, tile): [number, number] => {
        const [grey = -1, , , alpha = -1] = context?.getImageData(((tile % columns) + 0.5) * side, (Math.floor(tile / columns) + 0.5) * side, 1, 1).data ?? [];
        return [grey, alpha];
      });
    },
    [COLUMNS, TILES] as const,
  );
}

test("the picture of a published job grows on a volunteer's page as others confirm its tiles, and stays when the job has ended", async ({
  owner,
  openVolunteer,
  baseURL,
}) => {
  test.setTimeout(300_000);
  const jobId = await submitMosaic(owner, baseURL ?? "", "Sixteen greys");
  const [first, second] = [await openVolunteer(), await openVolunteer()];
  await first.goto(`/volunteer?job=${jobId}`);
  await startComputing(first);
  const section = first.getByRole("region", { name: "The picture so far" });
  await expect(section).toBeVisible({ timeout: APPEARS_MS_MAX });
  await expect(section).toContainText("No part of it is verified yet.");
  const label = "Sixteen greys, as far as it is verified";
  expect((await tilesOf(first, label)).map(([, alpha]) => alpha)).toEqual(new Array(TILES).fill(0));

  await second.goto(`/volunteer?job=${jobId}`);
  await startComputing(second);
  await expect(section).toContainText(`All ${TILES} parts are verified.`, { timeout: APPEARS_MS_MAX });
  await expect.poll(() => tilesOf(first, label)).toEqual(Array.from({ length: TILES }, (_, tile) => [greyOf(tile), 255]));
  await expect.poll(() => stateOf(owner, jobId), { timeout: APPEARS_MS_MAX }).toBe("final");
  await expect(section).toBeVisible();
  await first.getByRole("button", { name: "Stop" }).click();
  await expect(first.getByText("Stopped")).toBeVisible();
  await expect(section).toContainText(`All ${TILES} parts are verified.`);
});
