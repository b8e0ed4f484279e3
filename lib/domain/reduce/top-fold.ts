import type { OutputFormat } from "../job/job.ts";
import type { Fold, Folded } from "./fold.ts";
import { decodeState, encodeState } from "./json-state.ts";
import { readValues } from "./read-values.ts";
import type { Reducer } from "./reducer.ts";

type Entry = { value: number; no: number; index: number; row: string };
type State = { header: string | null; entries: Entry[] };

/** The `k` largest or smallest numbers with the rows they stand in; of equal ones those of the earlier shard, then of the earlier place. */
export function createTopFold(reducer: Extract<Reducer, { kind: "top-k" }>, format: OutputFormat): Fold {
  const { k, order, field } = reducer;
  let state: State = { header: null, entries: [] };
  const keep = (entries: Entry[]) => entries.sort((a, b) => compare(a, b, order)).slice(0, k);
  return {
    add(no, output) {
      const { values, header } = readValues(output, format, field);
      state = { header: state.header ?? header, entries: keep([...state.entries, ...values.map((value) => ({ ...value, no }))]) };
    },
    merge(bytes) {
      const other = decodeState<State>(bytes);
      state = { header: state.header ?? other.header, entries: keep([...state.entries, ...other.entries]) };
    },
    save: () => encodeState(state),
    result: () => write(state, format),
  };
}

function compare(a: Entry, b: Entry, order: "largest" | "smallest"): number {
  if (a.value !== b.value) return order === "largest" ? b.value - a.value : a.value - b.value;
  return a.no - b.no || a.index - b.index;
}

function write({ header, entries }: State, format: OutputFormat): Folded {
  const rows = entries.map((entry) => (format === "f32" ? JSON.stringify({ shard: entry.no, index: entry.index, value: entry.value }) : entry.row));
  // A document of several lines becomes one line, for each line of the result is one.
  const lines = format === "json" ? rows.map((row) => row.replace(/\s*\n\s*/g, " ")) : rows;
  const all = format === "csv" && header !== null ? [header, ...lines] : lines;
  const kind = format === "csv" || format === "text" ? format : "ndjson";
  return { bytes: new TextEncoder().encode(all.map((line) => `${line}\n`).join("")), format: kind };
}
