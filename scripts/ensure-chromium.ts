import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const KNOWN_PATHS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DEBIAN_PATH = "/usr/bin/chromium";

/**
 * The Chromium that browser tests drive: CHROMIUM_PATH, or one that is installed, or Debian's package, which is installed when this runs as root.
 * Otherwise it fails with what to install.
 */
export function ensureChromium(): string {
  const chosen = process.env.CHROMIUM_PATH;
  if (chosen) {
    if (answersVersion(chosen)) return chosen;
    throw new Error(`CHROMIUM_PATH is ${chosen}, and that does not run. Let it name the Chromium binary, or unset it.`);
  }
  const found = KNOWN_PATHS.find((path) => existsSync(path) && answersVersion(path));
  if (found) return found;
  if (process.getuid?.() === 0 && spawnSync("apt-get", ["--version"]).status === 0) return installDebianPackage();
  throw new Error(
    "The browser tests need Chromium, and none was found. On Debian or Ubuntu install it with: sudo apt-get install chromium. Elsewhere install Chromium or Chrome and set CHROMIUM_PATH to its binary.",
  );
}

function installDebianPackage(): string {
  console.error("Installing Debian's package chromium for the browser tests.");
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  for (const args of [["update"], ["install", "--yes", "--no-install-recommends", "chromium"]]) {
    const { status } = spawnSync("apt-get", args, { stdio: "inherit", env });
    if (status !== 0)
      throw new Error(`apt-get ${args.join(" ")} did not work; its own message is above. Install Chromium yourself and set CHROMIUM_PATH to its binary.`);
  }
  if (!answersVersion(DEBIAN_PATH))
    throw new Error(`Debian's package chromium is installed, but ${DEBIAN_PATH} does not run. Set CHROMIUM_PATH to a Chromium that does.`);
  return DEBIAN_PATH;
}

function answersVersion(path: string): boolean {
  return spawnSync(path, ["--version"]).status === 0;
}
