import { wasi } from "@bjorn3/browser_wasi_shim";
import { allocateBytes } from "../run-end.ts";

/** What an entry of a directory costs of the volume's space, so that empty files are not free. */
const ENTRY_BYTES = 256;

export type Entry = MemoryFile | MemoryDirectory;

/** A tree of files in memory with a bound on its size; inode numbers begin anew for every run. */
export class Volume {
  readonly isReadOnly: boolean;
  readonly #nextInode: () => bigint;
  #bytesFree: number;

  constructor(options: { isReadOnly: boolean; bytesMax: number; nextInode: () => bigint }) {
    this.isReadOnly = options.isReadOnly;
    this.#bytesFree = options.bytesMax;
    this.#nextInode = options.nextInode;
  }

  nextInode(): bigint {
    return this.#nextInode();
  }

  /** Reserves space, or says no and reserves none. */
  take(bytes: number): boolean {
    if (bytes > this.#bytesFree) return false;
    this.#bytesFree -= bytes;
    return true;
  }

  give(bytes: number): void {
    this.#bytesFree += bytes;
  }
}

export class MemoryFile {
  readonly inode: bigint;
  readonly volume: Volume;
  #bytes: Uint8Array;
  #size: number;
  #uses = 0;

  /** The content is not copied: on a read-only volume it is shared by all runs. */
  constructor(volume: Volume, content: Uint8Array) {
    this.volume = volume;
    this.inode = volume.nextInode();
    this.#bytes = content;
    this.#size = content.length;
  }

  get size(): number {
    return this.#size;
  }

  /** Counts a name or an open descriptor of the file. */
  use(): void {
    this.#uses += 1;
  }

  /** Gives the space back when the last name and the last descriptor are gone. */
  disuse(): void {
    this.#uses -= 1;
    if (this.#uses > 0 || this.volume.isReadOnly) return;
    this.volume.give(this.#size);
    this.#bytes = new Uint8Array();
    this.#size = 0;
  }

  /** A view of the content, valid until the next write. */
  read(at: number, length: number): Uint8Array {
    return this.#bytes.subarray(Math.min(at, this.#size), Math.min(at + length, this.#size));
  }

  write(data: Uint8Array, at: number): number {
    const end = at + data.length;
    if (end > this.#size) {
      const error = this.resize(end);
      if (error !== wasi.ERRNO_SUCCESS) return error;
    }
    this.#bytes.set(data, at);
    return wasi.ERRNO_SUCCESS;
  }

  resize(size: number): number {
    if (this.volume.isReadOnly) return wasi.ERRNO_ROFS;
    if (size > this.#size && !this.volume.take(size - this.#size)) return wasi.ERRNO_NOSPC;
    if (size < this.#size) {
      this.volume.give(this.#size - size);
      this.#bytes.fill(0, size, this.#size);
    }
    if (size > this.#bytes.length) {
      const grown = allocateBytes(Math.max(size, this.#bytes.length * 2, 1024));
      grown.set(this.#bytes.subarray(0, this.#size));
      this.#bytes = grown;
    }
    this.#size = size;
    return wasi.ERRNO_SUCCESS;
  }
}

export class MemoryDirectory {
  readonly inode: bigint;
  readonly volume: Volume;
  parent: MemoryDirectory | null = null;
  readonly #entries = new Map<string, Entry>();

  constructor(volume: Volume) {
    this.volume = volume;
    this.inode = volume.nextInode();
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  find(name: string): Entry | undefined {
    return this.#entries.get(name);
  }

  /** Names in the order of their UTF-16 units, so that every host lists alike. */
  list(): [string, Entry][] {
    return [...this.#entries].sort(([left], [right]) => (left < right ? -1 : 1));
  }

  /** Adds an entry under a free name; false when the volume is full. */
  add(name: string, entry: Entry): boolean {
    if (!this.volume.take(ENTRY_BYTES + name.length)) return false;
    this.#entries.set(name, entry);
    if (entry instanceof MemoryDirectory) entry.parent = this;
    else entry.use();
    return true;
  }

  remove(name: string): void {
    const entry = this.#entries.get(name);
    if (entry === undefined) return;
    this.#entries.delete(name);
    this.volume.give(ENTRY_BYTES + name.length);
    if (entry instanceof MemoryFile) entry.disuse();
  }

  isInside(ancestor: MemoryDirectory): boolean {
    for (let at: MemoryDirectory | null = this; at !== null; at = at.parent) if (at === ancestor) return true;
    return false;
  }
}
