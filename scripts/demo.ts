import { join } from "node:path";
import { parseArgs } from "node:util";
import { claimEarnings } from "./demo/claim-earnings.ts";
import { runExample } from "./demo/run-example.ts";
import { ROOT, startInstance } from "./instance/start-instance.ts";

/*
 * `npm run demo`: a whole instance on this machine that runs the example from upload to verified result, then serves until Ctrl-C.
 * Then the wallets of both devices claim what they earned. --once stops there and exits 0 if the result is the expected one and both were paid, else 1; --dev serves with hot reload; --full asks for all queries,
 * which run in any case, for all of them take some ten core-seconds.
 */
const PORT_DEFAULT = 3000;

async function main(): Promise<number | null> {
  const { values } = parseArgs({
    options: { dev: { type: "boolean", default: false }, once: { type: "boolean", default: false }, full: { type: "boolean", default: false } },
  });
  const startedMs = performance.now();
  const say = (line: string) => console.log(`${((performance.now() - startedMs) / 1000).toFixed(0).padStart(4)} s  ${line}`);
  const started = await startInstance({
    folder: join(ROOT, ".local/demo"),
    command: values.dev ? "npm run dev" : "npm run demo",
    port: Number(process.env.PORT ?? PORT_DEFAULT),
    isDev: values.dev,
    buildEnv: { NEXT_PUBLIC_DEMO_WALLET: "1" },
    say,
  });
  if ("message" in started) {
    console.error(started.message);
    return 1;
  }
  const { instance } = started;
  try {
    const isExpected = await runExample(instance, say);
    const isPaid = isExpected && (await claimEarnings(instance, say));
    if (values.once || !isPaid) return isPaid ? 0 : 1;
    say(`${instance.url} keeps serving: lend a tab at ${instance.url}/volunteer, run a program at ${instance.url}/jobs. Ctrl-C stops everything.`);
    return await instance.failed;
  } finally {
    await instance.stop();
  }
}

try {
  process.exit(await main());
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exit(1);
}
