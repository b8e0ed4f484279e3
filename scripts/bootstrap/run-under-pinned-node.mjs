import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, join } from "node:path";
import { pathToFileURL } from "node:url";

const PARENT_CHECK_MS = 500;
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGUSR2"];

/** The folder that holds the pinned Node's binary. */
export function pinnedNodeFolder(root) {
  return join(root, "node_modules", "node", "bin");
}

/**
 * Runs the pinned Node with these arguments in the caller's folder, passes signals on, and ends this process as the child ended. What Node compiles is kept beside
 * the packages: a command starts in half the processor time, and so does every process that it starts.
 */
export function runUnderPinnedNode({ root, argv }) {
  const folder = pinnedNodeFolder(root);
  const path = [folder, join(root, "node_modules", ".bin"), process.env.PATH ?? ""].join(delimiter);
  // Without this, a kill -9 of this process would leave the command running with nobody to stop it.
  const exitWithParent = pathToFileURL(join(root, "scripts", "exit-with-parent.mjs")).href;
  const child = spawn(join(folder, "node"), ["--import", exitWithParent, ...argv], {
    stdio: "inherit",
    env: { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "node"), ...process.env, PATH: path, SHOAL_PARENT_PID: String(process.pid) },
  });
  for (const signal of FORWARDED) {
    process.on(signal, () => {
      // A terminal sends Ctrl-C to the child by itself; twice would read as "stop at once".
      if (signal === "SIGINT" && process.stdin.isTTY) return;
      child.kill(signal);
    });
  }
  stopWhenNpmIsGone(child);
  child.on("error", (error) => {
    console.error(`${join(folder, "node")} did not start: ${error.message}`);
    process.exit(1);
  });
  child.on("close", (code, signal) => process.exit(code ?? 128 + (constants.signals[signal] ?? 0)));
}

// npm passes a signal to the shell that runs the script, and most shells die of it without passing it on.
function stopWhenNpmIsGone(child) {
  if (!process.env.npm_lifecycle_event) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    child.kill("SIGTERM");
  }, PARENT_CHECK_MS);
  timer.unref();
}
