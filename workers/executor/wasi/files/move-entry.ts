import { wasi } from "@bjorn3/browser_wasi_shim";
import { type Place, resolvePath } from "./paths.ts";
import { type Entry, MemoryDirectory, MemoryFile } from "./volume.ts";

/** One end of a rename or a link: a directory and a path from it. */
export interface PathFrom {
  directory: MemoryDirectory;
  path: string;
}

type NamedPlace = Place & { name: string };

/** Gives an entry another name, replacing what has that name as POSIX rename does. Returns an errno; on an error nothing has changed. */
export function renameEntry(from: PathFrom, to: PathFrom): number {
  const ends = resolveEnds(from, to);
  if (typeof ends === "number") return ends;
  const { source, target, entry } = ends;
  if (target.entry === entry) return wasi.ERRNO_SUCCESS;
  if (entry instanceof MemoryDirectory && target.directory.isInside(entry)) return wasi.ERRNO_INVAL;
  const error = findReplaceError(entry, target);
  if (error !== wasi.ERRNO_SUCCESS) return error;
  if (entry instanceof MemoryFile) entry.use();
  source.directory.remove(source.name);
  const replaced = target.entry;
  if (replaced instanceof MemoryFile) replaced.use();
  target.directory.remove(target.name);
  const added = target.directory.add(target.name, entry);
  // Only a longer name on a full volume does not fit; then both ends return to what they were, which did fit.
  if (!added) {
    if (replaced !== undefined) target.directory.add(target.name, replaced);
    source.directory.add(source.name, entry);
  }
  if (entry instanceof MemoryFile) entry.disuse();
  if (replaced instanceof MemoryFile) replaced.disuse();
  return added ? wasi.ERRNO_SUCCESS : wasi.ERRNO_NOSPC;
}

/** Gives a file a second name. Returns an errno. */
export function linkEntry(from: PathFrom, to: PathFrom): number {
  const ends = resolveEnds(from, to);
  if (typeof ends === "number") return ends;
  if (ends.entry instanceof MemoryDirectory) return wasi.ERRNO_PERM;
  if (ends.target.entry !== undefined) return wasi.ERRNO_EXIST;
  return ends.target.directory.add(ends.target.name, ends.entry) ? wasi.ERRNO_SUCCESS : wasi.ERRNO_NOSPC;
}

function resolveEnds(from: PathFrom, to: PathFrom): { source: NamedPlace; target: NamedPlace; entry: Entry } | number {
  const source = resolvePath(from.directory, from.path);
  if (typeof source === "number") return source;
  const target = resolvePath(to.directory, to.path);
  if (typeof target === "number") return target;
  if (source.entry === undefined) return wasi.ERRNO_NOENT;
  if (!isNamed(source) || !isNamed(target)) return wasi.ERRNO_BUSY;
  if (source.directory.volume.isReadOnly || target.directory.volume.isReadOnly) return wasi.ERRNO_ROFS;
  if (source.directory.volume !== target.directory.volume) return wasi.ERRNO_XDEV;
  if (target.wantsDirectory && source.entry instanceof MemoryFile) return wasi.ERRNO_NOTDIR;
  return { source, target, entry: source.entry };
}

function isNamed(place: Place): place is NamedPlace {
  return place.name !== null;
}

function findReplaceError(entry: Entry, target: NamedPlace): number {
  if (target.entry === undefined) return wasi.ERRNO_SUCCESS;
  if (target.entry instanceof MemoryDirectory) {
    if (entry instanceof MemoryFile) return wasi.ERRNO_ISDIR;
    return target.entry.isEmpty ? wasi.ERRNO_SUCCESS : wasi.ERRNO_NOTEMPTY;
  }
  return entry instanceof MemoryDirectory ? wasi.ERRNO_NOTDIR : wasi.ERRNO_SUCCESS;
}
