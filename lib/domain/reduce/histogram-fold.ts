import type { OutputFormat } from "../job/job.ts";
import type { Fold } from "./fold.ts";
import { decodeState, encodeState, jsonResult } from "./json-state.ts";
import { readValues } from "./read-values.ts";
import type { Reducer } from "./reducer.ts";

type State = { counts: number[]; below: number; above: number; missing: number };

/** How many numbers lie in each of `bins` equal parts from `from` up to but without `to`, and how many below and above. */
export function createHistogramFold(reducer: Extract<Reducer, { kind: "histogram" }>, format: OutputFormat): Fold {
  const { from, to, bins, field } = reducer;
  const state: State = { counts: new Array<number>(bins).fill(0), below: 0, above: 0, missing: 0 };
  const count = (value: number) => {
    if (value < from) state.below += 1;
    else if (value >= to) state.above += 1;
    else {
      const bin = Math.min(bins - 1, Math.floor(((value - from) / (to - from)) * bins));
      state.counts[bin] = (state.counts[bin] ?? 0) + 1;
    }
  };
  return {
    add(_, output) {
      const { values, missing } = readValues(output, format, field);
      for (const { value } of values) count(value);
      state.missing += missing;
    },
    merge(bytes) {
      const other = decodeState<State>(bytes);
      for (const [bin, more] of other.counts.entries()) state.counts[bin] = (state.counts[bin] ?? 0) + more;
      state.below += other.below;
      state.above += other.above;
      state.missing += other.missing;
    },
    save: () => encodeState(state),
    result: () => jsonResult({ reducer: "histogram", ...(field === undefined ? {} : { field }), from, to, ...state }),
  };
}
