import { describe, expect, test } from "vitest";
import { type MosaicPreview, PREVIEW_TILES_MAX, paintTile, planPreview } from "./mosaic-preview.ts";

function plan(mosaic: Parameters<typeof planPreview>[0]): MosaicPreview {
  const preview = planPreview(mosaic);
  if (!preview) throw new Error("no preview");
  return preview;
}

const at = (canvas: Uint8Array, { width }: MosaicPreview, x: number, y: number) => [...canvas.subarray((y * width + x) * 4, (y * width + x) * 4 + 4)];

describe("a mosaic made small", () => {
  test("keeps its size where it fits, and scales both sides alike where it does not", () => {
    const tile = { width: 8, height: 4, pixels: "grey8" } as const;
    expect(plan({ columns: 3, tile, shardCount: 7 })).toMatchObject({ width: 24, height: 12, scale: 1 });
    expect(plan({ columns: 100, tile, shardCount: 1000 })).toMatchObject({ width: 400, height: 20, scale: 2 });
    expect(planPreview({ columns: 100, tile, shardCount: PREVIEW_TILES_MAX + 1 })).toBeNull();
  });

  test("has tiles at their places and nothing where none is", () => {
    const preview = plan({ columns: 2, tile: { width: 1, height: 2, pixels: "rgb8" }, shardCount: 4 });
    const canvas = new Uint8Array(preview.width * preview.height * 4);
    expect(paintTile(canvas, preview, { no: 3, pixels: Uint8Array.of(1, 2, 3, 4, 5, 6) })).toBe(true);
    expect([at(canvas, preview, 1, 2), at(canvas, preview, 1, 3)]).toEqual([
      [1, 2, 3, 255],
      [4, 5, 6, 255],
    ]);
    expect(canvas.filter((value) => value !== 0)).toHaveLength(8);
  });

  test("takes the mean of what a pixel stands for, never of a neighbour's tile, and no bytes of another length", () => {
    const preview: MosaicPreview = { columns: 2, tile: { width: 3, height: 2, pixels: "rgba8" }, width: 3, height: 1, scale: 2 };
    const canvas = new Uint8Array(preview.width * preview.height * 4);
    const tile = (value: number) => new Uint8Array(24).fill(value).fill(value + 4, 0, 4);
    expect(paintTile(canvas, preview, { no: 0, pixels: tile(100) })).toBe(true);
    expect(paintTile(canvas, preview, { no: 1, pixels: tile(20) })).toBe(true);
    // The second pixel begins in the third column of the first tile; the third in the second column of the second.
    expect([0, 1, 2].map((x) => at(canvas, preview, x, 0)[0])).toEqual([101, 100, 20]);
    expect(paintTile(canvas, preview, { no: 1, pixels: new Uint8Array(23).fill(9) })).toBe(false);
    expect(at(canvas, preview, 2, 0)[0]).toBe(20);
  });

  test("every pixel of the canvas is painted once all tiles are, whatever the sizes", () => {
    for (const [columns, shardCount, width, height] of [
      [7, 49, 97, 131],
      [300, 900, 5, 3],
      [1, 12, 700, 3],
    ] as const) {
      const preview = plan({ columns, shardCount, tile: { width, height, pixels: "grey8" } });
      const canvas = new Uint8Array(preview.width * preview.height * 4);
      for (let no = 0; no < shardCount; no++) paintTile(canvas, preview, { no, pixels: new Uint8Array(width * height).fill(7) });
      expect(canvas.every((value, i) => value === (i % 4 === 3 ? 255 : 7))).toBe(true);
    }
  });
});
