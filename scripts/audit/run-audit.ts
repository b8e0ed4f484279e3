import { spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import { type Audit, readAudit } from "./judge-audit.ts";

/** A registry that does not answer is given up after so long. */
const FETCH_MS_MAX = 20_000;

/** What is known to be wrong with the packages that run in production, as the lockfile in this folder names them. Asks `registry`, or the one npm is set to. */
export async function runAudit(folder: string, registry?: string): Promise<Audit> {
  const options = ["--omit=dev", "--json", "--fetch-retries=0", `--fetch-timeout=${FETCH_MS_MAX}`, ...(registry ? [`--registry=${registry}`] : [])];
  const npm = spawn("npm", ["audit", ...options], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] });
  const [printed] = await Promise.all([text(npm.stdout), new Promise((resolve, reject) => npm.on("close", resolve).on("error", reject))]);
  return readAudit(printed);
}
