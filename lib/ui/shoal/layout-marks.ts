/** Where marks are at home, in CSS pixels; the place of mark `i` is its middle. */
export type School = { x: Float32Array; y: Float32Array; cellWidth: number; cellHeight: number };

/** A body is longer than it is tall. */
const CELL_RATIO = 1.5;
const CELL_HEIGHT_MAX = 21;
/** How far a body may be from the middle of its cell, by chance and by turns, and the school's wave from its middle line, in cells. */
const JITTER = 0.1;
const STAGGER = 0.08;
const WAVE = 0.45;
const WAVE_STEP = 0.38;
/** Cells that stagger, jitter, wave and what a device pulls forward need beyond the columns and rows themselves. */
const MARGIN_COLUMNS = 1.5;
const MARGIN_ROWS = 2;

/**
 * A school of so many marks in a box: number by number from its tail at the left to its head at the right, tall in the middle.
 * Depends on the number of marks and the box alone, so that a mark stays where it is while its state changes.
 */
export function layoutMarks({ count, width, height }: { count: number; width: number; height: number }): School {
  const columns = chooseColumns(count, width / height);
  const rows = rowsOf(count, columns);
  const rowsMax = Math.max(1, ...rows);
  const cellHeight = Math.min(CELL_HEIGHT_MAX, height / (rowsMax + MARGIN_ROWS), width / (columns + MARGIN_COLUMNS) / CELL_RATIO);
  const cellWidth = cellHeight * CELL_RATIO;
  const school: School = { x: new Float32Array(count), y: new Float32Array(count), cellWidth, cellHeight };
  let at = 0;
  for (const [column, inColumn] of rows.entries()) {
    for (let row = 0; row < inColumn; row++, at++) {
      const stagger = row % 2 === 0 ? -STAGGER : STAGGER;
      school.x[at] = width / 2 + (column - (columns - 1) / 2 + stagger + JITTER * noise(at, 1)) * cellWidth;
      school.y[at] = height / 2 + (row - (inColumn - 1) / 2 + WAVE * Math.sin(column * WAVE_STEP) + JITTER * noise(at, 2)) * cellHeight;
    }
  }
  return school;
}

/** So many columns that the cells are nearly as large as the box lets them be. */
function chooseColumns(count: number, ratio: number): number {
  // A school fills about two thirds of its box.
  return Math.max(1, Math.min(count, Math.round(Math.sqrt((count * ratio) / CELL_RATIO / 0.66))));
}

/** How many marks each column holds: all of them together, in the outline of a body that swims to the right. */
function rowsOf(count: number, columns: number): number[] {
  const outline = Array.from({ length: columns }, (_, column) => 0.3 + 0.7 * Math.sin(Math.PI * ((column + 0.5) / columns) ** 1.15) ** 0.9);
  const whole = outline.reduce((sum, weight) => sum + weight, 0);
  let weight = 0;
  let placed = 0;
  return outline.map((part) => {
    weight += part;
    const upTo = Math.round((count * weight) / whole);
    const inColumn = upTo - placed;
    placed = upTo;
    return inColumn;
  });
}

/** How far marks of one device swim from home while it computes them: the same for all of them, a little ahead, in cells. */
export function driftOf(device: string): { x: number; y: number } {
  let seed = 0;
  for (let i = 0; i < device.length; i++) seed = (Math.imul(seed, 31) + device.charCodeAt(i)) | 0;
  return { x: 0.2 + 0.1 * noise(seed, 3), y: 0.3 * noise(seed, 4) };
}

/** A number between -1 and 1 that looks random and is always the same (the finaliser of MurmurHash3). */
export function noise(seed: number, stream: number): number {
  let hash = Math.imul(seed ^ Math.imul(stream, 0x9e3779b9), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 0x7fffffff - 1;
}
