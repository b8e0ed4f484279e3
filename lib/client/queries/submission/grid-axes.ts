import type { GridAxis } from "#lib/domain/slicing/grid.ts";

const NUMBERS = /^(\S+?)\s*\.\.\s*(\S+?)\s*\/\s*(\S+)$/;

/**
 * Reads the axes of a grid as they are written in one line: `method = fast, exact; x = 0 .. 1 / 11` is a list and eleven numbers from 0 to 1. Nothing is checked
 * but the form; what is wrong inside an axis is the schema's to say. Null where an axis has no `=`.
 */
export function readAxes(text: string): GridAxis[] | null {
  const parts = text
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part !== "");
  const axes = parts.map(readAxis).filter((axis) => axis !== null);
  return axes.length === parts.length ? axes : null;
}

function readAxis(part: string): GridAxis | null {
  const at = part.indexOf("=");
  if (at === -1) return null;
  const name = part.slice(0, at).trim();
  const rest = part.slice(at + 1).trim();
  const numbers = NUMBERS.exec(rest);
  if (!numbers) return { name, values: rest.split(",").map((value) => readValue(value.trim())) };
  const [, from, to, count] = numbers;
  return { name, from: Number(from), to: Number(to), count: Number(count) };
}

/** A number only where writing it gives the same text again: 0.10 and 007 stay as they are. */
function readValue(text: string): string | number {
  return text !== "" && String(Number(text)) === text ? Number(text) : text;
}

/** The line that `readAxes` reads as these axes; a value with a comma or a semicolon in it does not survive. */
export function writeAxes(axes: readonly GridAxis[]): string {
  return axes.map(({ name, values, from, to, count }) => `${name} = ${values ? values.join(", ") : `${from} .. ${to} / ${count}`}`).join("; ");
}
