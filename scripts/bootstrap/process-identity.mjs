import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/**
 * A mark of when a process started, so that a recycled pid is not taken for the process that held it; "" when no such process runs.
 * Opaque: only equality means something. A zombie counts as gone.
 */
export function processStartedAt(pid) {
  if (process.platform === "linux") return linuxStartTicks(pid);
  try {
    const text = execFileSync("ps", ["-o", "lstart=", "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
    return text.trim().replaceAll(/\s+/g, "_");
  } catch {
    return "";
  }
}

function linuxStartTicks(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The command name (field 2) is in parentheses and may itself hold spaces and parentheses.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" || fields[0] === "X" ? "" : (fields[19] ?? "");
  } catch {
    return "";
  }
}

/** Whether the process that was recorded with this pid and start mark still runs. */
export function isSameProcess({ pid, startedAt }) {
  return startedAt !== "" && processStartedAt(pid) === startedAt;
}
