/** What a device serves and nothing else: these jobs, and jobs of these topics. Null where it serves everything. */
export type Served = { jobs: readonly string[]; topics: readonly string[] };

export const SERVED_BOUNDS = { jobsMax: 16, topicsMax: 16 } as const;

/** Whether a device that serves only what it chose may be given the job. Topics are owners' words: case does not count. */
export function serves(served: Served | null, job: { jobId: string; topic: string }): boolean {
  if (served === null) return true;
  const topic = sameCase(job.topic);
  return served.jobs.includes(job.jobId) || served.topics.some((chosen) => sameCase(chosen) === topic);
}

/** The choice with a job or topic more, or without it where it was there; choosing nothing is serving everything. */
export function toggleServed(served: Served | null, kind: keyof Served, name: string): Served | null {
  const { jobs, topics } = served ?? { jobs: [], topics: [] };
  const chosen = kind === "jobs" ? jobs : topics;
  const toggled = chosen.includes(name) ? chosen.filter((other) => other !== name) : [...chosen, name];
  const next = { jobs, topics, [kind]: toggled };
  return next.jobs.length + next.topics.length === 0 ? null : next;
}

function sameCase(topic: string): string {
  return topic.trim().toLowerCase();
}
