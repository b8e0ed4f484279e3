import { TILE_SAMPLES, type Tile } from "./reducer.ts";

/** A mosaic made small: one pixel of it stands for a square of `scale` × `scale` pixels. */
export type MosaicPreview = { columns: number; tile: Tile; width: number; height: number; scale: number };

/** Longer sides than this are scaled down. */
const SIDE_MAX = 512;
/** Mosaics of more tiles are not shown before they are whole: which tiles are painted is kept for each. */
export const PREVIEW_TILES_MAX = 65_536;

/** How small a mosaic is shown while it grows; null for one of too many tiles. */
export function planPreview({ columns, tile, shardCount }: { columns: number; tile: Tile; shardCount: number }): MosaicPreview | null {
  if (shardCount > PREVIEW_TILES_MAX) return null;
  const [width, height] = [columns * tile.width, Math.ceil(shardCount / columns) * tile.height];
  const scale = Math.max(1, Math.ceil(Math.max(width, height) / SIDE_MAX));
  return { columns, tile, scale, width: Math.ceil(width / scale), height: Math.ceil(height / scale) };
}

/**
 * Paints the tile of shard `no` onto a canvas of `width` × `height` pixels of red, green, blue and alpha; every pixel is the mean of what it stands for, of
 * the tile in which its square begins. Says whether the bytes were a tile: others leave the canvas as it is.
 */
export function paintTile(canvas: Uint8Array, { columns, tile, width, scale }: MosaicPreview, { no, pixels }: { no: number; pixels: Uint8Array }): boolean {
  if (pixels.length !== tile.width * tile.height * TILE_SAMPLES[tile.pixels]) return false;
  const [left, top] = [(no % columns) * tile.width, Math.floor(no / columns) * tile.height];
  for (let y = Math.ceil(top / scale); y * scale < top + tile.height; y++) {
    for (let x = Math.ceil(left / scale); x * scale < left + tile.width; x++) {
      canvas.set(meanOf(tile, pixels, { x: x * scale - left, y: y * scale - top, side: scale }), (y * width + x) * 4);
    }
  }
  return true;
}

function meanOf({ width, height, pixels: kind }: Tile, pixels: Uint8Array, square: { x: number; y: number; side: number }): [number, number, number, number] {
  const samples = TILE_SAMPLES[kind];
  const [right, bottom] = [Math.min(square.x + square.side, width), Math.min(square.y + square.side, height)];
  const sums = [0, 0, 0, 0];
  for (let y = square.y; y < bottom; y++) {
    for (let x = square.x; x < right; x++) {
      for (let s = 0; s < samples; s++) sums[s] = (sums[s] ?? 0) + (pixels[(y * width + x) * samples + s] ?? 0);
    }
  }
  const count = (right - square.x) * (bottom - square.y);
  const [a, b, c, d] = sums.map((sum) => Math.round(sum / count)) as [number, number, number, number];
  if (samples === 1) return [a, a, a, 255];
  return [a, b, c, samples === 4 ? d : 255];
}
