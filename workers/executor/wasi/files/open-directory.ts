import { Fd, wasi } from "@bjorn3/browser_wasi_shim";
import { ALL_RIGHTS, descriptorStatus, statusOf } from "./file-status.ts";
import { OpenFile } from "./open-file.ts";
import { type Place, resolvePath } from "./paths.ts";
import { type Entry, MemoryDirectory, MemoryFile } from "./volume.ts";

type Opened = { ret: number; fd_obj: Fd | null };

/** A descriptor of a directory in memory; `preopenName` is null for one that the program opened itself. */
export class OpenDirectory extends Fd {
  readonly directory: MemoryDirectory;
  readonly #preopenName: string | null;
  #listing: wasi.Dirent[] | null = null;

  constructor(directory: MemoryDirectory, preopenName: string | null) {
    super();
    this.directory = directory;
    this.#preopenName = preopenName;
  }

  override fd_prestat_get() {
    if (this.#preopenName === null) return { ret: wasi.ERRNO_BADF, prestat: null };
    return { ret: wasi.ERRNO_SUCCESS, prestat: wasi.Prestat.dir(this.#preopenName) };
  }

  override fd_fdstat_get() {
    return { ret: wasi.ERRNO_SUCCESS, fdstat: descriptorStatus(wasi.FILETYPE_DIRECTORY, 0, ALL_RIGHTS) };
  }

  override fd_filestat_get() {
    return { ret: wasi.ERRNO_SUCCESS, filestat: statusOf(this.directory) };
  }

  /** The entry behind a cookie. A listing is what the directory held when it began, so that deleting while listing skips nothing. */
  override fd_readdir_single(cookie: bigint) {
    if (cookie === 0n || this.#listing === null) this.#listing = this.#list();
    const dirent = cookie < this.#listing.length ? this.#listing[Number(cookie)] : undefined;
    return { ret: wasi.ERRNO_SUCCESS, dirent: dirent ?? null };
  }

  #list(): wasi.Dirent[] {
    const entries: [string, Entry][] = [[".", this.directory], ["..", this.directory.parent ?? this.directory], ...this.directory.list()];
    return entries.map(([name, entry], index) => {
      const type = entry instanceof MemoryDirectory ? wasi.FILETYPE_DIRECTORY : wasi.FILETYPE_REGULAR_FILE;
      return new wasi.Dirent(BigInt(index + 1), entry.inode, name, type);
    });
  }

  override path_filestat_get(_flags: number, path: string) {
    const place = resolvePath(this.directory, path);
    if (typeof place === "number") return { ret: place, filestat: null };
    if (place.entry === undefined) return { ret: wasi.ERRNO_NOENT, filestat: null };
    return { ret: wasi.ERRNO_SUCCESS, filestat: statusOf(place.entry) };
  }

  override path_open(_lookup: number, path: string, oflags: number, rights: bigint, _inheriting: bigint, flags: number): Opened {
    const place = resolvePath(this.directory, path);
    if (typeof place === "number") return { ret: place, fd_obj: null };
    const mayWrite = (rights & BigInt(wasi.RIGHTS_FD_WRITE)) !== 0n;
    return place.entry === undefined ? createFile(place, { oflags, mayWrite, flags }) : openEntry(place.entry, { oflags, mayWrite, flags });
  }

  override path_create_directory(path: string): number {
    const place = resolvePath(this.directory, path);
    if (typeof place === "number") return place;
    if (place.entry !== undefined || place.name === null) return wasi.ERRNO_EXIST;
    const { volume } = place.directory;
    if (volume.isReadOnly) return wasi.ERRNO_ROFS;
    return place.directory.add(place.name, new MemoryDirectory(volume)) ? wasi.ERRNO_SUCCESS : wasi.ERRNO_NOSPC;
  }

  override path_unlink_file(path: string): number {
    const place = resolvePath(this.directory, path);
    if (typeof place === "number") return place;
    if (place.entry === undefined) return wasi.ERRNO_NOENT;
    if (place.entry instanceof MemoryDirectory || place.name === null) return wasi.ERRNO_ISDIR;
    if (place.directory.volume.isReadOnly) return wasi.ERRNO_ROFS;
    place.directory.remove(place.name);
    return wasi.ERRNO_SUCCESS;
  }

  override path_remove_directory(path: string): number {
    const place = resolvePath(this.directory, path);
    if (typeof place === "number") return place;
    if (place.entry === undefined) return wasi.ERRNO_NOENT;
    if (place.entry instanceof MemoryFile) return wasi.ERRNO_NOTDIR;
    if (place.name === null) return wasi.ERRNO_INVAL;
    if (place.directory.volume.isReadOnly) return wasi.ERRNO_ROFS;
    if (!place.entry.isEmpty) return wasi.ERRNO_NOTEMPTY;
    place.directory.remove(place.name);
    return wasi.ERRNO_SUCCESS;
  }

  override path_readlink() {
    return { ret: wasi.ERRNO_INVAL, data: null };
  }
}

type OpenOptions = { oflags: number; mayWrite: boolean; flags: number };

function createFile(place: Place, options: OpenOptions): Opened {
  if ((options.oflags & wasi.OFLAGS_CREAT) === 0) return { ret: wasi.ERRNO_NOENT, fd_obj: null };
  if ((options.oflags & wasi.OFLAGS_DIRECTORY) !== 0 || place.name === null) return { ret: wasi.ERRNO_INVAL, fd_obj: null };
  if (place.wantsDirectory) return { ret: wasi.ERRNO_ISDIR, fd_obj: null };
  const { volume } = place.directory;
  if (volume.isReadOnly) return { ret: wasi.ERRNO_ROFS, fd_obj: null };
  const file = new MemoryFile(volume, new Uint8Array());
  if (!place.directory.add(place.name, file)) return { ret: wasi.ERRNO_NOSPC, fd_obj: null };
  return { ret: wasi.ERRNO_SUCCESS, fd_obj: new OpenFile(file, options) };
}

function openEntry(entry: Entry, options: OpenOptions): Opened {
  const { oflags, mayWrite, flags } = options;
  const isExclusive = wasi.OFLAGS_CREAT | wasi.OFLAGS_EXCL;
  if ((oflags & isExclusive) === isExclusive) return { ret: wasi.ERRNO_EXIST, fd_obj: null };
  if (entry instanceof MemoryDirectory) return { ret: wasi.ERRNO_SUCCESS, fd_obj: new OpenDirectory(entry, null) };
  if ((oflags & wasi.OFLAGS_DIRECTORY) !== 0) return { ret: wasi.ERRNO_NOTDIR, fd_obj: null };
  const truncates = (oflags & wasi.OFLAGS_TRUNC) !== 0;
  if (entry.volume.isReadOnly && (mayWrite || truncates)) return { ret: wasi.ERRNO_ROFS, fd_obj: null };
  if (truncates) entry.resize(0);
  return { ret: wasi.ERRNO_SUCCESS, fd_obj: new OpenFile(entry, { mayWrite, flags }) };
}
