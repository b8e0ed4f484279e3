/** How far a job has come in its share: the one with the smallest pass is served next. */
export type Stride = { pass: number; weight: number };

/** The pass after granting so much of a job. Source: C. A. Waldspurger, W. E. Weihl, "Stride scheduling" (1995). */
export function advancePass(stride: Stride, granted: number): number {
  return stride.pass + granted / stride.weight;
}

/** The job to serve: the smallest pass, moved ahead by a volunteer's soft preference (`preferred`, in pass); the earlier one of equals; null of none. */
export function chooseByStride(jobs: readonly (Stride & { preferred: number })[]): number | null {
  let best: number | null = null;
  let least = Number.POSITIVE_INFINITY;
  for (const [at, job] of jobs.entries()) {
    const pass = job.pass - job.preferred;
    if (pass < least) {
      best = at;
      least = pass;
    }
  }
  return best;
}

/** Where a new or woken job begins: at the smallest pass of those that run, so that it neither owes nor is owed. */
export function beginningPass(running: readonly Stride[]): number {
  return running.length === 0 ? 0 : Math.min(...running.map((stride) => stride.pass));
}
