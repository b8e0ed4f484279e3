import { spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { EXIT } from "../exit-codes.ts";
import { readOptions } from "../read-options.ts";
import type { Command } from "../terminal.ts";

const PROGRAM = resolve(import.meta.dirname, "../../ops/guardian.ts");

/** Recomputes the epochs that an instance proposes and vetoes what does not follow, until Ctrl-C: the guardian of this checkout, in a process of its own. Its key comes from GUARDIAN_KEY alone. */
export const guardian: Command = async (args, terminal) => {
  const { values } = readOptions(args, { server: { type: "string" }, rpc: { type: "string" }, escrow: { type: "string" }, "start-block": { type: "string" } });
  const given = {
    SHOAL_URL: values.server ?? terminal.env.SHOAL_SERVER ?? terminal.env.SHOAL_URL,
    CHAIN_RPC_URL: values.rpc ?? terminal.env.CHAIN_RPC_URL,
    POOL_ESCROW: values.escrow ?? terminal.env.POOL_ESCROW,
    POOL_START_BLOCK: values["start-block"] ?? terminal.env.POOL_START_BLOCK,
  };
  const settings = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const env = { ...terminal.env, ...settings } as NodeJS.ProcessEnv;
  const child = spawn(process.execPath, ["--conditions=react-server", PROGRAM], { env, stdio: "inherit" });
  terminal.interrupt.addEventListener("abort", () => child.kill("SIGTERM"), { once: true });
  const [code] = (await once(child, "close")) as [number | null];
  if (terminal.interrupt.aborted) return EXIT.interrupted;
  return code === 0 ? EXIT.done : EXIT.failed;
};
