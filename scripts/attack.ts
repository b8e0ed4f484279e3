import { parseArgs } from "node:util";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { OfflineError } from "#lib/client/api/api.ts";
import { ASSURANCE_CLASSES, type AssuranceClass } from "#lib/domain/trust/assurance.ts";
import { BEHAVIOUR_NAMES, type BehaviourName } from "./attack/behaviours.ts";
import { describeReport, listGains } from "./attack/describe-report.ts";
import { type AttackOptions, demandOwnMachine, runAttack } from "./attack/run-attack.ts";
import { makeKey } from "./demo/make-key.ts";

/*
 * `npm run attack`: a swarm of devices that cheat in every known way attacks an instance that runs on this machine, over HTTP, and a report says what it gained.
 * Ends with 0 if it gained nothing. docs/operations/attack.md describes it.
 */
const BOUNDS = { honest: 100, attackers: 10, shards: 2000, minutes: 60 } as const;

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      server: { type: "string", default: "http://localhost:3000" },
      behaviours: { type: "string", default: BEHAVIOUR_NAMES.join(",") },
      assurance: { type: "string", default: "standard" },
      honest: { type: "string", default: "24" },
      attackers: { type: "string", default: "2" },
      shards: { type: "string", default: "400" },
      minutes: { type: "string", default: "10" },
      seed: { type: "string", default: String(Date.now() % 1_000_000) },
    },
  });
  const url = new URL(values.server).origin;
  // Before anything is asked of it.
  demandOwnMachine(url);
  const options: Omit<AttackOptions, "key"> = {
    url,
    behaviours: values.behaviours.split(",").map((word) => oneOf(BEHAVIOUR_NAMES, word)),
    assurance: oneOf(
      ASSURANCE_CLASSES.filter((assurance) => assurance !== "instant"),
      values.assurance,
    ),
    honest: within("honest", values.honest),
    attackers: within("attackers", values.attackers),
    shards: within("shards", values.shards),
    seed: Number(values.seed),
    msMax: within("minutes", values.minutes) * 60_000,
    say: (line) => console.log(line),
  };
  // A new wallet of a demo instance is given money; elsewhere an owner's key pays.
  const key = process.env.SHOAL_API_KEY ?? (await makeKey(url, privateKeyToAccount(generatePrivateKey()), ["jobs:read", "jobs:write", "artifacts:write"]));
  const report = await runAttack({ ...options, key });
  for (const line of describeReport(report)) console.log(line);
  const gains = listGains(report);
  console.log(gains.length === 0 ? "\nThe swarm gained nothing." : `\n${gains.join("\n")}`);
  return gains.length === 0 ? 0 : 1;
}

function oneOf<T extends BehaviourName | AssuranceClass>(allowed: readonly T[], word: string): T {
  const found = allowed.find((one) => one === word);
  if (!found) throw new Error(`“${word}” is none of ${allowed.join(", ")}.`);
  return found;
}

function within(name: keyof typeof BOUNDS, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > BOUNDS[name]) throw new Error(`--${name} is a whole number from 1 to ${BOUNDS[name]}.`);
  return value;
}

try {
  process.exit(await main());
} catch (error) {
  console.error(
    error instanceof OfflineError ? "No instance answers there. One is started with: npm run demo" : error instanceof Error ? error.message : String(error),
  );
  process.exit(1);
}
