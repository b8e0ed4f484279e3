import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { chmodSync, chownSync, cpSync, existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Binaries } from "./binaries.ts";
import { type ServerUser, serverEnvironment } from "./server-user.ts";

/** Where a server lives: `base` holds the password and the log of this user, `data` belongs to the server's user, `native` holds binaries it can run. */
export type Place = { base: string; data: string; native: string; user: ServerUser };

/**
 * A place whose folders the server's user can really reach: `folder` itself where possible, else a folder of this checkout's own under /var/tmp.
 * A server that runs as another user cannot pass a home with mode 0700; neither data nor binaries can then stay there.
 */
export function choosePlace(input: { folder: string; binaries: Binaries; user: ServerUser }): Place {
  const problems: string[] = [];
  for (const base of [resolve(input.folder), ...outsideFolders(input.folder)]) {
    const problem = prepareBase(base, base !== resolve(input.folder));
    const place = problem ?? preparePlace(base, input.binaries, input.user);
    if (typeof place !== "string") return place;
    problems.push(`  ${base}: ${place}`);
  }
  throw new Error(
    `PostgreSQL found no folder to run from:\n${problems.join("\n")}\nMove the project to a folder that other users can enter, or name a database of your own with DATABASE_URL.`,
  );
}

function outsideFolders(folder: string): string[] {
  const hash = createHash("sha256").update(resolve(folder)).digest("hex").slice(0, 12);
  const name = `shoal-${process.getuid?.() ?? 0}-${hash}`;
  return [...new Set(["/var/tmp", tmpdir()])].map((parent) => join(parent, name));
}

/** Makes the base folder; returns why it cannot be used, or null. */
function prepareBase(base: string, isOutside: boolean): string | null {
  try {
    mkdirSync(base, { recursive: true });
    if (!isOutside) return null;
    const found = lstatSync(base);
    // Anybody may create names in /var/tmp: a folder that is not ours could show or swap what we put there.
    if (!found.isDirectory() || found.uid !== process.getuid?.()) return "it belongs to another user";
    chmodSync(base, 0o711);
    return null;
  } catch (error) {
    return messageOf(error);
  }
}

function preparePlace(base: string, binaries: Binaries, wanted: ServerUser): Place | string {
  const data = join(base, `data-${binaries.version.split(".")[0]}`);
  try {
    const user = existsSync(data) ? ownerOf(data, wanted) : wanted;
    if (!isReachable(base, user)) return "the user that PostgreSQL runs as cannot enter it";
    if (!keepsModes(base, user)) return "its file system does not keep a folder private";
    const native = runsAs(binaries.folder, user) ? binaries.folder : copyBinaries(base, binaries);
    if (!runsAs(native, user)) return "programs in it do not run";
    return { base, data, native, user };
  } catch (error) {
    return messageOf(error);
  }
}

// Data that exists decides: the account found today may be another one than the one that made it.
function ownerOf(data: string, wanted: ServerUser): ServerUser {
  const { uid, gid } = statSync(data);
  if (wanted === null) {
    if (uid !== process.getuid?.()) throw new Error(`${data} belongs to user ${uid}`);
    return null;
  }
  return uid === 0 ? wanted : { uid, gid };
}

function isReachable(folder: string, user: ServerUser): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { cwd: "/", ...user }).status === 0;
}

/** PostgreSQL demands a data folder that nobody else can read; some mounts give every file one fixed mode or owner. */
function keepsModes(base: string, user: ServerUser): boolean {
  const probe = join(base, `.probe-${process.pid}`);
  mkdirSync(probe, { mode: 0o700 });
  try {
    if (user) chownSync(probe, user.uid, user.gid);
    const found = statSync(probe);
    return (found.mode & 0o077) === 0 && found.uid === (user?.uid ?? process.getuid?.());
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}

function runsAs(native: string, user: ServerUser): boolean {
  const options = { cwd: "/", env: serverEnvironment(), ...user };
  return ["postgres", "initdb"].every((program) => spawnSync(join(native, "bin", program), ["--version"], options).status === 0);
}

function copyBinaries(base: string, binaries: Binaries): string {
  const copy = join(base, `native-${binaries.version}`);
  if (existsSync(copy)) return copy;
  const draft = `${copy}.${process.pid}`;
  cpSync(binaries.folder, draft, { recursive: true, verbatimSymlinks: true });
  openToReaders(draft);
  // The name appears only when the copy is whole, so it stands for its version from then on.
  renameSync(draft, copy);
  return copy;
}

/** A umask of 077 would leave the copy as unreadable as the original. */
function openToReaders(path: string): void {
  const found = lstatSync(path);
  if (found.isSymbolicLink()) return;
  chmodSync(path, found.mode | (found.mode & 0o100 ? 0o555 : 0o444));
  if (!found.isDirectory()) return;
  for (const name of readdirSync(path)) openToReaders(join(path, name));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
