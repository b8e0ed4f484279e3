import { join } from "node:path";
import { mustBeMended } from "./audit/judge-audit.ts";
import { runAudit } from "./audit/run-audit.ts";

/*
 * `npm run audit:dependencies`: asks the registry what is known to be wrong with the packages that run in production, and ends with 1 where something grave has a fix.
 * Without a registry that answers nothing is known, and that is no failure.
 */
const audit = await runAudit(join(import.meta.dirname, ".."));
if (!audit.isKnown) console.log(`Not audited: ${audit.why}.`);
else {
  for (const finding of audit.findings) {
    const { name, range, severity, advisories, hasFix } = finding;
    console.log(`${severity.padEnd(8)} ${name} ${range}, ${hasFix ? "there is a fix" : "no fix yet"}`);
    for (const advisory of advisories) console.log(`         ${advisory}`);
  }
  const grave = audit.findings.filter(mustBeMended);
  console.log(`${audit.findings.length} findings in what runs in production, ${grave.length} of them grave with a fix.`);
  if (grave.length > 0) {
    console.log(`Update ${grave.map(({ name }) => name).join(", ")}: npm audit fix --omit=dev shows how.`);
    process.exitCode = 1;
  }
}
