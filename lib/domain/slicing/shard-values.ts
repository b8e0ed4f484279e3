import { type GridAxis, gridPoint } from "./grid.ts";
import { shardRange } from "./range.ts";
import type { Slicing, SlicingMode } from "./slicing.ts";

/** Placeholders that every way of slicing offers to arguments; an axis of a grid may not take their names. */
export const SHARD_PLACEHOLDERS = ["shard", "seed"] as const;

/** What a shard is given: the length of its part of the input in bytes, and with `files` the file's name. */
export type ShardPart = { bytes: number; file?: string | undefined };

/** As much of a slicing as placeholders depend on. */
type Placed = { mode: SlicingMode; axes?: readonly GridAxis[] };

/** The names of all placeholders that arguments may use with this slicing. */
export function placeholdersOf(slicing: Placed): string[] {
  return [...SHARD_PLACEHOLDERS, ...ownPlaceholders(slicing)];
}

function ownPlaceholders(slicing: Placed): string[] {
  switch (slicing.mode) {
    case "range":
      return ["from", "to", "step"];
    case "bytes":
      return ["from", "to"];
    case "grid":
      return (slicing.axes ?? []).map((axis) => axis.name);
    case "repeat":
      return ["run"];
    case "files":
      return ["file"];
    default:
      return [];
  }
}

/** What the slicing puts in place of its own placeholders in shard `no`: everything that `placeholdersOf` names but {shard} and {seed}. */
export function shardValues(slicing: Slicing, no: number, part: ShardPart): Record<string, string> {
  switch (slicing.mode) {
    case "range": {
      const { from, to, step } = shardRange(slicing, no);
      return { from: String(from), to: String(to), step: String(step) };
    }
    case "bytes": {
      const from = no * slicing.bytesPerShard;
      return { from: String(from), to: String(from + part.bytes) };
    }
    case "grid":
      return gridPoint(slicing.axes, no);
    case "repeat":
      return { run: String(no) };
    case "files":
      return { file: part.file ?? "" };
    default:
      return {};
  }
}
