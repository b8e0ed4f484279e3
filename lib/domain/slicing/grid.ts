/** The values of one parameter: a list, or else `count` numbers from `from` to `to`, both included and equally far apart. */
export type GridAxis = {
  name: string;
  values?: (string | number)[] | undefined;
  from?: number | undefined;
  to?: number | undefined;
  count?: number | undefined;
};

export const GRID_LIMITS = { axesMax: 16, axisValuesMax: 10_000, valueCharsMax: 256 } as const;

/** How many values an axis has. */
function axisLength(axis: GridAxis): number {
  return axis.values?.length ?? axis.count ?? 0;
}

/** How many points the axes span: the product of their lengths, which may be beyond what an instance accepts. */
export function gridShardCount(axes: readonly GridAxis[]): number {
  return axes.reduce((product, axis) => product * axisLength(axis), 1);
}

/**
 * The values of point `no`, one for each axis, as the text that arguments get. The last axis changes fastest, as the innermost of nested loops. Numbers
 * are written as ECMAScript writes them, the shortest decimal that reads back as the same number, so that every engine writes the same.
 */
export function gridPoint(axes: readonly GridAxis[], no: number): Record<string, string> {
  const point: [string, string][] = [];
  let rest = no;
  for (const axis of axes.toReversed()) {
    const length = axisLength(axis);
    point.push([axis.name, String(axisValue(axis, rest % length))]);
    rest = Math.floor(rest / length);
  }
  return Object.fromEntries(point.reverse());
}

function axisValue(axis: GridAxis, index: number): string | number {
  const { values, from = 0, to = 0, count = 1 } = axis;
  if (values) return values[index] ?? "";
  if (count === 1) return from;
  const share = index / (count - 1);
  // Both ends exactly as they were given, and no difference that overflows.
  return index === count - 1 ? to : from * (1 - share) + to * share;
}
