/** A step that may be taken in a state, by name, and the state it leads to. */
export type Step<S> = { name: string; next: S };

export type Model<S> = {
  first: S;
  /** States with the same key are the same state. */
  keyOf(state: S): string;
  /** Every step that is possible in a state. Steps do not change the state they are given. */
  stepsOf(state: S): Step<S>[];
  /** What is wrong with a state, in words; null when all invariants hold. */
  problemOf(state: S): string | null;
};

export type Explored = { states: number; steps: number /** Whether every reachable state was seen. */; isComplete: boolean };
export type Violation = { problem: string /** The steps that lead to it, from the first state on; no shorter way does. */; trace: string[] };

/**
 * Visits every reachable state of a model, breadth first, up to so many states. Returns the first violation with its shortest trace, or how much was explored.
 */
export function explore<S>(model: Model<S>, statesMax: number): Explored | Violation {
  type Seen = { state: S; from: number; step: string };
  const seen: Seen[] = [{ state: model.first, from: -1, step: "" }];
  const keys = new Set([model.keyOf(model.first)]);
  const traceTo = (index: number): string[] => {
    const trace: string[] = [];
    for (let at = seen[index]; at && at.from >= 0; at = seen[at.from]) trace.unshift(at.step);
    return trace;
  };
  let steps = 0;
  for (let index = 0; index < seen.length; index++) {
    const { state } = seen[index] as Seen;
    const problem = model.problemOf(state);
    if (problem !== null) return { problem, trace: traceTo(index) };
    for (const { name, next } of model.stepsOf(state)) {
      steps += 1;
      const key = model.keyOf(next);
      if (keys.has(key)) continue;
      if (seen.length >= statesMax) return { states: seen.length, steps, isComplete: false };
      keys.add(key);
      seen.push({ state: next, from: index, step: name });
    }
  }
  return { states: seen.length, steps, isComplete: true };
}

/** Whether an exploration found a violation. */
export function isViolation(result: Explored | Violation): result is Violation {
  return "problem" in result;
}
