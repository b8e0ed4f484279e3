import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { parseLockHolder } from "./decide.mjs";
import { isSameProcess, processStartedAt } from "./process-identity.mjs";

/**
 * Takes the lock file at `path` for this process, with `notes` for whoever meets it. Returns { release } when it is ours, { holder } when a running
 * process has it: { pid, startedAt, …notes }. A lock whose process is gone (kill -9, power cut, recycled pid) is taken over.
 */
export function holdLock(path, notes = {}) {
  const own = { pid: process.pid, startedAt: processStartedAt(process.pid), ...notes };
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(own)}\n`, { mode: 0o600 });
  try {
    for (;;) {
      if (linkOnce(draft, path)) return { release: () => releaseLock(path, own) };
      const holder = readHolder(path);
      if (holder && isSameProcess(holder)) return { holder };
      if (holder !== undefined) removeStale(path);
    }
  } finally {
    rmSync(draft, { force: true });
  }
}

// A link appears with its whole content or not at all; a plain exclusive create could be read while still empty.
function linkOnce(from, to) {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  }
}

/** The holder; null when the file holds none; undefined when there is no file. */
function readHolder(path) {
  try {
    return parseLockHolder(readFileSync(path, "utf8"));
  } catch (error) {
    if (error.code === "ENOENT") return undefined;
    throw error;
  }
}

// Between reading and removing, somebody else may have taken the stale lock over: what was moved aside is looked at again, and put back if it lives.
function removeStale(path) {
  const aside = `${path}.stale.${process.pid}`;
  try {
    renameSync(path, aside);
  } catch (error) {
    if (error.code === "ENOENT") return;
    throw error;
  }
  const holder = readHolder(aside);
  if (holder && isSameProcess(holder)) linkOnce(aside, path);
  rmSync(aside, { force: true });
}

function releaseLock(path, own) {
  const holder = readHolder(path);
  if (holder?.pid === own.pid && holder.startedAt === own.startedAt) rmSync(path, { force: true });
}
