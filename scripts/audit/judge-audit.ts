/** What `npm audit --json` says, as far as it is looked at. */
type Report = { vulnerabilities: Record<string, Vulnerability> };
type Vulnerability = { name: string; severity: string; range: string; via: (string | { title: string; url: string })[]; fixAvailable: unknown };

export type Finding = {
  name: string;
  range: string;
  severity: string;
  /** What is wrong, with where it is told; empty where it only stands on a package that is found itself. */
  advisories: string[];
  hasFix: boolean;
};
export type Audit = { isKnown: true; findings: Finding[] } | { isKnown: false; why: string };

const SEVERITIES = ["critical", "high", "moderate", "low", "info"];
const GRAVE = new Set(["critical", "high"]);

/** Reads what npm printed; a registry that is away, or tells nothing of advisories, leaves it unknown. */
export function readAudit(printed: string): Audit {
  let said: Partial<Report> & { message?: string; error?: { summary?: string } };
  try {
    said = JSON.parse(printed);
  } catch {
    return { isKnown: false, why: "npm printed no report" };
  }
  if (!said.vulnerabilities) return { isKnown: false, why: said.message || said.error?.summary || "npm gave no reason" };
  const findings = Object.values(said.vulnerabilities).map(
    ({ name, severity, range, via, fixAvailable }): Finding => ({
      name,
      range,
      severity,
      advisories: via.flatMap((each) => (typeof each === "string" ? [] : [`${each.title} (${each.url})`])),
      hasFix: fixAvailable !== false && fixAvailable !== undefined,
    }),
  );
  return { isKnown: true, findings: findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) || a.name.localeCompare(b.name)) };
}

/** Whether something may not stay: it is grave, and there is a version without it. */
export function mustBeMended({ severity, hasFix }: Finding): boolean {
  return GRAVE.has(severity) && hasFix;
}
