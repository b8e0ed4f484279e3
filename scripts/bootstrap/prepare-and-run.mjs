import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { installReason } from "./decide.mjs";
import { installDependencies, npmRefusesScripts, rebuildDependencies } from "./install.mjs";
import { runUnderPinnedNode } from "./run-under-pinned-node.mjs";
import { verifyNativeParts } from "./verify.mjs";

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const REPAIR_COMMAND = "npm rebuild --ignore-scripts=false";

/** Makes the checkout ready and runs the entry under the pinned Node; the process ends with the entry's exit code, or with 1 and a sentence that says what to do. */
export async function prepareAndRun(argv) {
  if (argv.length === 0) fail("Usage: node scripts/bootstrap.mjs [node options] <entry> [arguments…]");
  try {
    const reason = currentInstallReason();
    if (reason) await installDependencies({ root, reason, stillNeeded: () => currentInstallReason() !== null });
    await ensureNativePartsRun();
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
  runUnderPinnedNode({ root, argv });
}

function currentInstallReason() {
  if (!existsSync(join(root, "package-lock.json"))) {
    throw new Error("package-lock.json is missing, so there is nothing to install from. Restore it with: git checkout package-lock.json");
  }
  return installReason(readJson("package-lock.json"), readJson(join("node_modules", ".package-lock.json")));
}

function readJson(path) {
  let text;
  try {
    text = readFileSync(join(root, path), "utf8");
  } catch (error) {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return null;
    if (error.code === "EACCES")
      throw new Error(`${join(root, path)} cannot be read by this user. Run this as the user who owns the folder, or clone it again as yourself.`);
    throw error;
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new Error(`${join(root, path)} is not valid JSON. Restore it with: git checkout ${path}`);
  }
}

async function ensureNativePartsRun() {
  let broken = verifyNativeParts(root);
  if (broken.length === 0) return;
  // A standing `ignore-scripts=true` is somebody's policy: it is not overruled behind their back.
  if (!npmRefusesScripts(root)) {
    await rebuildDependencies(root);
    broken = verifyNativeParts(root);
    if (broken.length === 0) return;
  }
  const list = broken.map(({ part, reason }) => `  ${part}: ${reason}`).join("\n");
  throw new Error(
    `Some installed parts do not run, most often because npm was told not to run install scripts:\n${list}\nThis one command sets them up:\n\n  ${REPAIR_COMMAND}\n`,
  );
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
