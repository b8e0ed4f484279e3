/** How far a job has come in its share: the one with the smallest pass is served next. */
export type Stride = { pass: number; weight: number };

/** The pass after granting so much of a job. Source: C. A. Waldspurger, W. E. Weihl, "Stride scheduling" (1995). */
export function advancePass(stride: Stride, granted: number): number {
  return stride.pass + granted / stride.weight;
}

/** Where a new or woken job begins: at the smallest pass of those that run, so that it neither owes nor is owed. */
export function beginningPass(running: readonly Stride[]): number {
  return running.length === 0 ? 0 : Math.min(...running.map((stride) => stride.pass));
}
