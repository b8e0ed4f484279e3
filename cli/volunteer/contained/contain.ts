import { spawn } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join } from "node:path";

/** What a contained process cannot do; `network` and `user` where the system can take it away. */
export type Containment = { hasNoNetwork: boolean; hasOwnUser: boolean };
type Way = Containment & { wrap: readonly string[] };

/** Nobody's user and group on Linux. */
const NOBODY = "65534";
const PROBE_MS_MAX = 10_000;

/** Names the programs by their paths: a contained process has no PATH, and its parent's may lead anywhere. */
function findProgram(name: string): string | null {
  for (const folder of ["/usr/bin", "/bin", "/usr/sbin", "/sbin"]) {
    const file = join(folder, name);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // The next folder.
    }
  }
  return null;
}

/** A type of Next.js wants a variable in every environment; a contained process gets none. */
export const NO_ENVIRONMENT = {} as NodeJS.ProcessEnv;

/** From the strictest: namespaces need Linux, another user needs root. */
function waysOfThisSystem(): Way[] {
  const [unshare, setpriv] = [findProgram("unshare"), findProgram("setpriv")];
  const isRoot = process.getuid?.() === 0;
  const asNobody = setpriv ? [setpriv, `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--no-new-privs", "--"] : null;
  return [
    ...(unshare && isRoot && asNobody ? [{ hasNoNetwork: true, hasOwnUser: true, wrap: [unshare, "--net", "--", ...asNobody] }] : []),
    ...(unshare ? [{ hasNoNetwork: true, hasOwnUser: false, wrap: [unshare, "--user", "--net", "--"] }] : []),
    ...(isRoot && asNobody ? [{ hasNoNetwork: false, hasOwnUser: true, wrap: asNobody }] : []),
    { hasNoNetwork: false, hasOwnUser: false, wrap: [] },
  ];
}

let found: Promise<Way> | null = null;

/** What this system takes away from a contained process, found by trying once. */
export async function findContainment(): Promise<Containment> {
  const { hasNoNetwork, hasOwnUser } = await findWay();
  return { hasNoNetwork, hasOwnUser };
}

async function findWay(): Promise<Way> {
  found ??= (async () => {
    for (const way of waysOfThisSystem()) if (await works(way)) return way;
    throw new Error("No process can be started here.");
  })();
  return await found;
}

/** Whether Node starts that way. */
async function works({ wrap }: Way): Promise<boolean> {
  const [file, ...args] = [...wrap, process.execPath, "--permission", "-e", "0"];
  if (!file) return false;
  const child = spawn(file, args, { env: NO_ENVIRONMENT, stdio: "ignore", timeout: PROBE_MS_MAX, killSignal: "SIGKILL" });
  return await new Promise((resolve) => {
    child.on("error", () => resolve(false));
    child.on("exit", (code: number | null) => resolve(code === 0));
  });
}

/** Bounds that the kernel holds. Data is what a process can write to, in KiB; a program's own memory is bounded besides. */
export type Bounds = { dataKibMax: number; cpuSecondsMax: number };

/**
 * The command that runs a module contained: no environment (whoever starts it passes an empty one), no file but the module, no process, no thread, no
 * native code, no network and nobody's user where the system can do that, memory and processor time bounded, and V8's optimising compiler from the start.
 */
export async function containedCommand(module: string, { dataKibMax, cpuSecondsMax }: Bounds): Promise<{ file: string; args: string[] }> {
  const { wrap } = await findWay();
  const shell = findProgram("sh");
  const node = [...wrap, process.execPath, "--no-liftoff", "--disallow-code-generation-from-strings", "--permission", `--allow-fs-read=${module}`, module];
  if (!shell) return { file: node[0] as string, args: node.slice(1) };
  return { file: shell, args: ["-c", `ulimit -c 0; ulimit -d ${dataKibMax}; ulimit -t ${cpuSecondsMax}; exec "$@"`, "sh", ...node] };
}
