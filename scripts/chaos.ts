import { existsSync, mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { runChaos } from "./chaos/run-chaos.ts";
import { ROOT } from "./instance/start-instance.ts";

/*
 * `npm run chaos`: an instance of real processes under fire, then every law checked. --seconds says how long faults happen, --seed repeats a run as far as the
 * scheduling of a machine can be repeated, --door routes serves the endpoints without the built app. docs/operations/chaos.md describes it.
 */
const RECOVERY_MS_MAX = 30_000;
const { values } = parseArgs({
  options: {
    seconds: { type: "string", default: "300" },
    seed: { type: "string", default: String(Date.now() % 1_000_000) },
    devices: { type: "string", default: "40" },
    processes: { type: "string", default: "3" },
    door: { type: "string" },
  },
});
const isBuilt = existsSync(join(ROOT, ".next", "BUILD_ID"));
const door = values.door === "next" || (values.door === undefined && isBuilt) ? "next" : "routes";
const folder = mkdtempSync(join(tmpdir(), "shoal-chaos-"));
console.log(`Seed ${values.seed}; ${door === "next" ? "the built app" : "its endpoints on a bare server"}; logs in ${join(folder, "logs")}`);
// What runs then goes with this process.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => process.exit(130));
const report = await runChaos({
  folder,
  door,
  seed: Number(values.seed),
  seconds: Number(values.seconds),
  light: Number(values.devices),
  processes: Number(values.processes),
  recoveryMsMax: RECOVERY_MS_MAX,
  say: (line) => console.log(line),
});
const { faults, jobs, verdicts, recoveredMs, requests, laws } = report;
console.log(`\n${faults} faults, ${jobs} jobs final, ${verdicts} verdicts; requests: ${JSON.stringify(requests)}`);
console.log(recoveredMs === null ? "It did not come to rest in time." : `It came to rest ${(recoveredMs / 1000).toFixed(1)} s after the last fault.`);
for (const { law, problems } of laws) {
  console.log(`${problems.length === 0 ? "holds " : "BROKEN"}  ${law}`);
  for (const problem of problems.slice(0, 20)) console.log(`        ${problem}`);
}
const isWhole = laws.every(({ problems }) => problems.length === 0);
console.log(isWhole ? "Every law holds." : `Repeat it with: npm run chaos -- --seed ${values.seed} --seconds ${values.seconds}`);
process.exit(isWhole ? 0 : 1);
