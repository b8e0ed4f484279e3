/** The folders of `docs` whose files are pages of the app's `/docs`. */
export const DOC_FOLDERS = ["guide", "operations", "reference"] as const;

/** Who reads what, in the order of reading; every page stands in one group. */
export const DOC_GROUPS = {
  volunteer: [
    "guide/lend-a-tab",
    "guide/is-it-safe",
    "guide/what-does-it-cost-me",
    "guide/get-paid",
    "guide/why-am-i-idle",
    "guide/what-is-stored",
    "guide/run-a-headless-device",
  ],
  owner: [
    "guide/submit-a-job",
    "guide/use-the-terminal",
    "guide/use-the-sdk",
    "guide/cut-an-input",
    "guide/how-results-are-verified",
    "guide/check-your-own-jobs",
    "guide/what-it-costs",
    "guide/fund-your-jobs",
    "guide/compute-in-a-pool",
    "guide/be-told",
    "guide/use-a-passkey",
  ],
  program: [
    "guide/what-a-program-may-do",
    "guide/write-a-program-in-c",
    "guide/write-a-program-in-rust",
    "guide/write-a-program-in-go",
    "guide/write-a-program-in-zig",
    "guide/write-a-program-in-typescript",
    "guide/write-a-wgsl-kernel",
  ],
  operate: [
    "guide/run-the-demo",
    "operations/run-in-production",
    "operations/payouts",
    "operations/deploy-with-containers",
    "operations/watch-it",
    "operations/runbook",
    "operations/what-may-run-here",
    "operations/back-up-and-restore",
    "operations/spread-the-database",
    "operations/trusted-devices",
    "operations/chaos",
    "operations/attack",
  ],
  reference: ["reference/job-json", "reference/protocol", "reference/api", "reference/errors", "reference/glossary"],
} as const;
export type DocGroup = keyof typeof DOC_GROUPS;
