import { wasi } from "@bjorn3/browser_wasi_shim";
import { type Entry, MemoryDirectory } from "./volume.ts";

const NAME_CHARS_MAX = 255;

/** Where a path leads. `name` is null for the directory that it starts from. */
export interface Place {
  directory: MemoryDirectory;
  name: string | null;
  entry: Entry | undefined;
  /** The path ends in a slash, and so means a directory. */
  wantsDirectory: boolean;
}

/**
 * Follows a path from a directory and never above it: an absolute path, or one that climbs out, is not permitted.
 * Returns the errno where it leads nowhere; the last name may be free.
 */
export function resolvePath(from: MemoryDirectory, path: string): Place | number {
  const names = splitPath(path);
  if (typeof names === "number") return names;
  const wantsDirectory = path.endsWith("/");
  const last = names.pop();
  if (last === undefined) return { directory: from, name: null, entry: from, wantsDirectory };
  let directory = from;
  for (const name of names) {
    const next = directory.find(name);
    if (next === undefined) return wasi.ERRNO_NOENT;
    if (!(next instanceof MemoryDirectory)) return wasi.ERRNO_NOTDIR;
    directory = next;
  }
  const entry = directory.find(last);
  if (wantsDirectory && entry !== undefined && !(entry instanceof MemoryDirectory)) return wasi.ERRNO_NOTDIR;
  return { directory, name: last, entry, wantsDirectory };
}

/** The names of a relative path with "." and ".." worked off, or the errno of a path that cannot be followed. */
function splitPath(path: string): string[] | number {
  if (path === "") return wasi.ERRNO_NOENT;
  if (path.startsWith("/")) return wasi.ERRNO_NOTCAPABLE;
  if (path.includes("\0")) return wasi.ERRNO_INVAL;
  const names: string[] = [];
  for (const name of path.split("/")) {
    if (name.length > NAME_CHARS_MAX) return wasi.ERRNO_NAMETOOLONG;
    if (name === "" || name === ".") continue;
    if (name !== "..") names.push(name);
    else if (names.pop() === undefined) return wasi.ERRNO_NOTCAPABLE;
  }
  return names;
}
