import type { OutputFormat } from "../job/job.ts";
import type { Fold } from "./fold.ts";
import { decodeState, encodeState, jsonResult } from "./json-state.ts";
import { readValues } from "./read-values.ts";
import type { StatisticKind } from "./reducer.ts";

/** `sum` and what it lost to rounding; the mean and the sum of squared distances from it. */
type State = { count: number; missing: number; sum: number; lost: number; min: number | null; max: number | null; mean: number; squares: number };

/**
 * Sum, least, greatest or mean of all numbers, with how many there were and how many places held none. The sum carries its rounding error (Neumaier, 1974), the
 * mean its variance (Welford, 1962), and two states join as Chan, Golub and LeVeque (1979) join samples.
 */
export function createStatisticFold(reducer: { kind: StatisticKind; field?: string | undefined }, format: OutputFormat): Fold {
  const state: State = { count: 0, missing: 0, sum: 0, lost: 0, min: null, max: null, mean: 0, squares: 0 };
  return {
    add(_, output) {
      const { values, missing } = readValues(output, format, reducer.field);
      for (const { value } of values) join(state, { count: 1, missing: 0, sum: value, lost: 0, min: value, max: value, mean: value, squares: 0 });
      state.missing += missing;
    },
    merge: (bytes) => join(state, decodeState<State>(bytes)),
    save: () => encodeState(state),
    result: () => jsonResult({ reducer: reducer.kind, ...(reducer.field === undefined ? {} : { field: reducer.field }), ...figures(reducer.kind, state) }),
  };
}

function join(state: State, other: State): void {
  const count = state.count + other.count;
  if (state.count === 0) [state.mean, state.squares] = [other.mean, other.squares];
  else if (other.count > 0) {
    const apart = other.mean - state.mean;
    state.squares += other.squares + (apart * apart * state.count * other.count) / count;
    state.mean += (apart * other.count) / count;
  }
  const sum = state.sum + other.sum;
  state.lost += other.lost + (Math.abs(state.sum) >= Math.abs(other.sum) ? state.sum - sum + other.sum : other.sum - sum + state.sum);
  state.sum = sum;
  state.min = pick(Math.min, state.min, other.min);
  state.max = pick(Math.max, state.max, other.max);
  state.count = count;
  state.missing += other.missing;
}

function pick(of: (a: number, b: number) => number, a: number | null, b: number | null): number | null {
  if (a === null || b === null) return a ?? b;
  return of(a, b);
}

function figures(kind: StatisticKind, { count, missing, sum, lost, min, max, mean, squares }: State): object {
  if (kind === "sum") return { value: sum + lost, count, missing };
  if (kind === "min" || kind === "max") return { value: kind === "min" ? min : max, count, missing };
  const deviation = count > 1 ? Math.sqrt(squares / (count - 1)) : null;
  const error = deviation === null ? null : deviation / Math.sqrt(count);
  return { value: count > 0 ? mean : null, standardDeviation: deviation, standardError: error, count, missing };
}
