import { rmSync } from "node:fs";
import { chmod, mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, stop } from "esbuild";

const bundles = new Map<string, Promise<string>>();

/**
 * One of our own files with all it imports as one module that anybody may read: then a contained process needs to read nothing else, and starts in a third of the time. Made once per
 * process and removed with it; one that could not be made is tried again by whoever asks next.
 */
export async function bundleChild(entry: URL): Promise<string> {
  const made = bundles.get(entry.href) ?? bundle(fileURLToPath(entry));
  bundles.set(entry.href, made);
  try {
    return await made;
  } catch (cause) {
    if (bundles.get(entry.href) === made) bundles.delete(entry.href);
    throw new Error("The module of a contained process could not be bundled.", { cause });
  }
}

async function bundle(entry: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "shoal-contained-"));
  process.on("exit", () => rmSync(folder, { recursive: true, force: true }));
  // Nobody's user reads it too.
  await chmod(folder, 0o755);
  const outfile = join(folder, "child.mjs");
  try {
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", target: "node24", logLevel: "error" });
  } finally {
    // Otherwise its own process stays beside this one, and one that was killed answers every later build with its end.
    await stop();
  }
  await chmod(outfile, 0o644);
  return outfile;
}
