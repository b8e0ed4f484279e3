import { join } from "node:path";
import { findFreePort } from "../../scripts/processes/free-port.ts";
import { ProcessSupervisor } from "../../scripts/processes/supervisor.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** The app as the development server serves it, without a database: enough for pages that nobody signed in to. */
export async function startDevServer(): Promise<{ url: string; stop(): Promise<void> }> {
  const supervisor = new ProcessSupervisor({ logFolder: join(ROOT, ".local", "e2e", "logs") });
  const port = await findFreePort();
  const url = `http://127.0.0.1:${port}`;
  const args = [join(ROOT, "node_modules/next/dist/bin/next"), "dev", "-p", String(port), "-H", "127.0.0.1"];
  await supervisor.start({
    name: "dev",
    command: process.execPath,
    args,
    cwd: ROOT,
    env: { NEXT_TELEMETRY_DISABLED: "1" },
    readyUrl: `${url}/sandbox/frame.html`,
  });
  return { url, stop: async () => await supervisor.stopAll() };
}
