/** Numbers from `fromNo` (included) to `toNo` (not included). */
export type Range = { fromNo: number; toNo: number };

/** How many numbers a range holds. */
export function lengthOf(range: Range): number {
  return range.toNo - range.fromNo;
}

/** The numbers of a range, in order. */
export function numbersIn(range: Range): number[] {
  return Array.from({ length: lengthOf(range) }, (_, i) => range.fromNo + i);
}

/** Sorted numbers (repeats allowed) as the fewest ranges that hold exactly them. */
export function rangesOf(sortedNumbers: readonly number[]): Range[] {
  const ranges: Range[] = [];
  for (const no of sortedNumbers) {
    const last = ranges.at(-1);
    if (last && no <= last.toNo) last.toNo = Math.max(last.toNo, no + 1);
    else ranges.push({ fromNo: no, toNo: no + 1 });
  }
  return ranges;
}

/** The parts of `range` that lie in none of `taken`; `taken` may overlap and come in any order. */
export function without(range: Range, taken: readonly Range[]): Range[] {
  const rest: Range[] = [];
  let fromNo = range.fromNo;
  for (const hole of [...taken].sort((a, b) => a.fromNo - b.fromNo)) {
    if (hole.toNo <= fromNo) continue;
    if (hole.fromNo >= range.toNo) break;
    if (hole.fromNo > fromNo) rest.push({ fromNo, toNo: hole.fromNo });
    fromNo = hole.toNo;
  }
  if (fromNo < range.toNo) rest.push({ fromNo, toNo: range.toNo });
  return rest;
}
