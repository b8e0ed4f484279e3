import { spawn, spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, mkdirSync, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isMajorAtLeast, pathOutside } from "./decide.mjs";
import { holdLock } from "./hold-lock.mjs";

const NPM_MAJOR_MIN = 10;
const LOCK_POLL_MS = 500;

/** Installs exactly what the lock file says. Two installs of one checkout take turns, and the second finds its work done (`stillNeeded`). */
export async function installDependencies({ root, reason, stillNeeded }) {
  refuseForeignFolders(root);
  const npm = findNpm(root);
  const unlock = await lockInstall(root);
  try {
    if (!stillNeeded()) return;
    const startedMs = Date.now();
    console.error(`Installing dependencies: ${reason}. This takes about a minute.`);
    // NODE_ENV=production or a user's `omit` setting would leave out parts that the commands need.
    const code = await runNpm(npm, root, ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"]);
    if (code !== 0) throw new Error(`npm ci did not finish (exit code ${code}); its own message is above. When that is solved, run the same command again.`);
    console.error(`Installed in ${Math.round((Date.now() - startedMs) / 1000)} s.`);
  } finally {
    unlock();
  }
}

/** Runs the install scripts of the packages that are already there. */
export async function rebuildDependencies(root) {
  refuseForeignFolders(root);
  const npm = findNpm(root);
  const unlock = await lockInstall(root);
  try {
    console.error("Setting up native parts that npm has not set up yet.");
    await runNpm(npm, root, ["rebuild", "--loglevel=error"]);
  } finally {
    unlock();
  }
}

/** Whether npm is configured never to run install scripts. */
export function npmRefusesScripts(root) {
  const npm = findNpm(root);
  const result = spawnSync(npm.command, [...npm.args, "config", "get", "ignore-scripts"], { cwd: root, env: npm.env, encoding: "utf8" });
  return result.stdout?.trim() === "true";
}

/** npm as the person has it, run by a Node outside this checkout: the one inside disappears while npm replaces node_modules. */
function findNpm(root) {
  const env = { ...process.env, PATH: pathOutside(process.env.PATH ?? "", root, delimiter) };
  const cli = process.env.npm_execpath;
  const npm = cli && /npm-cli\.c?js$/.test(cli) && existsSync(cli) ? { command: "node", args: [cli], env } : { command: "npm", args: [], env };
  const version = spawnSync(npm.command, [...npm.args, "--version"], { cwd: root, env, encoding: "utf8" });
  if (version.error || version.status !== 0) {
    throw new Error("npm was not found, and dependencies have to be installed. Install Node with npm from https://nodejs.org and try again.");
  }
  if (!isMajorAtLeast(version.stdout, NPM_MAJOR_MIN)) {
    throw new Error(
      `Shoal needs npm ${NPM_MAJOR_MIN} or newer to install its dependencies; this is ${version.stdout.trim()}. Update it with: npm install --global npm@${NPM_MAJOR_MIN}`,
    );
  }
  return npm;
}

function runNpm(npm, root, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(npm.command, [...npm.args, ...args], { cwd: root, env: npm.env, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code, signal) => resolve(code ?? signal));
  });
}

function refuseForeignFolders(root) {
  for (const folder of [root, join(root, "node_modules"), join(root, ".local")]) {
    if (!existsSync(folder)) continue;
    try {
      accessSync(folder, constants.R_OK | constants.W_OK | constants.X_OK);
    } catch {
      throw new Error(
        `Dependencies have to be installed, but ${folder} belongs to user ${statSync(folder).uid} and this is user ${process.getuid?.()}. ` +
          "Run this as that user, or clone the project again as yourself.",
      );
    }
  }
}

async function lockInstall(root) {
  const folder = join(root, ".local");
  mkdirSync(folder, { recursive: true });
  let announced = false;
  for (;;) {
    const lock = holdLock(join(folder, "install.lock"));
    if (lock.release) return lock.release;
    if (!announced) console.error(`Another command (process ${lock.holder.pid}) is installing dependencies here; waiting for it.`);
    announced = true;
    await sleep(LOCK_POLL_MS);
  }
}
