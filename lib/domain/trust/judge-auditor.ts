/** What a trusted device said about results on hold: how many clusters it looked at, and which results it contradicted, by job and cluster. */
export type AuditRecord = {
  clusters: number;
  contradicted: readonly { jobId: string; clusterId: string }[];
  /** Jobs that stopped lately because it contradicted everybody there. */
  stoppedJobs: readonly string[];
};

export type AuditorVerdict = "fine" | "program_at_fault" | "auditor_at_fault";

/** So few contradictions say nothing about who is wrong. */
const CONTRADICTED_MIN = 6;
const CLUSTERS_MIN = 3;
/** Attackers are most of the clusters nowhere: whoever contradicts most of them stands against people who do not know each other. */
const SHARE_MAX = 0.5;

/**
 * Whether a trusted device that contradicts others is to be believed. When it contradicts most of the clusters that it looks at, three at least, they do not
 * all lie: on one job alone its program gives different results on different machines, on several the trusted device is broken, or its key is in wrong hands.
 * Clusters are counted and not results, because of a liar everything is looked at, and so a few of them would make most of the contradictions.
 */
export function judgeAuditor(record: AuditRecord): AuditorVerdict {
  const { clusters, contradicted, stoppedJobs } = record;
  const against = new Set(contradicted.map(({ clusterId }) => clusterId)).size;
  if (contradicted.length < CONTRADICTED_MIN || against < CLUSTERS_MIN || against <= SHARE_MAX * clusters) return "fine";
  return new Set([...stoppedJobs, ...contradicted.map(({ jobId }) => jobId)]).size > 1 ? "auditor_at_fault" : "program_at_fault";
}
