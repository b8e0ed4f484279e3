import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"];

/** The folder that holds the pinned Node's binary. */
export function pinnedNodeFolder(root) {
  return join(root, "node_modules", "node", "bin");
}

/** Runs the pinned Node with these arguments in the caller's folder, passes signals on, and ends this process as the child ended. */
export function runUnderPinnedNode({ root, argv }) {
  const folder = pinnedNodeFolder(root);
  const path = [folder, join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  // Without this, a kill -9 of this process would leave the command running with nobody to stop it.
  const exitWithParent = pathToFileURL(join(root, "scripts", "exit-with-parent.mjs")).href;
  const child = spawn(join(folder, "node"), ["--import", exitWithParent, ...argv], {
    stdio: "inherit",
    env: { ...process.env, PATH: path, SHOAL_PARENT_PID: String(process.pid) },
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child by itself; twice would read as "stop at once".
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  child.on("error", (error) => {
    console.error(`${join(folder, "node")} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on("close", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}
