import { expect, test } from "vitest";
import { judgeAuditor } from "./judge-auditor.ts";

const against = (count: number, jobs: number, clusters: number) =>
  Array.from({ length: count }, (_, i) => ({ jobId: `job ${i % jobs}`, clusterId: `cluster ${i % clusters}` }));

test("a trusted device that finds many results wrong is fine while they are those of the fewer clusters", () => {
  expect(judgeAuditor({ clusters: 10, contradicted: against(500, 5, 5), stoppedJobs: [] })).toBe("fine");
});

test("one that contradicts most of the clusters is not believed: on one job the program is at fault, on several the device is", () => {
  expect(judgeAuditor({ clusters: 5, contradicted: against(9, 1, 3), stoppedJobs: [] })).toBe("program_at_fault");
  expect(judgeAuditor({ clusters: 5, contradicted: against(9, 2, 3), stoppedJobs: [] })).toBe("auditor_at_fault");
  expect(judgeAuditor({ clusters: 5, contradicted: against(9, 1, 3), stoppedJobs: ["another"] })).toBe("auditor_at_fault");
});

test("neither few contradictions nor those of one or two clusters say that it is at fault: liars have devices", () => {
  expect(judgeAuditor({ clusters: 5, contradicted: against(5, 2, 5), stoppedJobs: [] })).toBe("fine");
  expect(judgeAuditor({ clusters: 2, contradicted: against(40, 3, 2), stoppedJobs: [] })).toBe("fine");
});
