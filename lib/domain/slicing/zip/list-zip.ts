import { findPathProblem, isSkippedPath } from "./zip-path.ts";

/** Bytes of known length that can be read anywhere: `from` included, `to` not. */
export type ByteSource = { bytes: number; read(from: number, to: number): Promise<Uint8Array> };

/** One file of a zip: how it is packed (0 stored, 8 deflated), where, and what it must turn out to be. */
export type ZipEntry = { name: string; method: 0 | 8; packedBytes: number; bytes: number; crc32: number; at: number };

/** `problem` names the file where one is at fault. */
export type ZipListing = { ok: true; entries: ZipEntry[]; bytes: number } | { ok: false; problem: string };

const ZIP_LIMITS = {
  filesMax: 65_534,
  nameBytesMax: 1024,
  directoryBytesMax: 64 * 1024 * 1024,
  /** Deflate reaches 1,032; real data seldom 100. What unpacks to less than `freeBytes` does no harm. */
  ratioMax: 200,
  freeBytes: 64 * 1024 * 1024,
} as const;

const END_MARK = 0x06054b50;
const END_BYTES = 22;
const COMMENT_BYTES_MAX = 65_535;
const FILE_MARK = 0x02014b50;
const FILE_BYTES = 46;
/** Bytes of a local header before the name: no file can lie closer to the next one. */
export const LOCAL_BYTES = 30;

class ZipProblem extends Error {}

/**
 * The files of a zip in the order of their names, read from its directory; folders and the notes of macOS are left out. Refused are paths that leave the folder,
 * encrypted files, links, packings other than deflate, files that overlap, and zips that claim to unpack to more than `bytesMax` or to hundreds of times their
 * size. Reads the directory only: what the files really are is checked as they are unpacked.
 */
export async function listZip(source: ByteSource, bytesMax: number): Promise<ZipListing> {
  try {
    const end = await findEnd(source);
    const directory = await source.read(end.at, end.at + end.bytes);
    const entries = readDirectory(directory, end);
    checkPlaces(entries, end.at);
    const bytes = checkSizes(entries, { zipBytes: source.bytes, bytesMax });
    return { ok: true, entries: entries.sort((a, b) => (a.name < b.name ? -1 : 1)), bytes };
  } catch (error) {
    if (error instanceof ZipProblem) return { ok: false, problem: error.message };
    throw error;
  }
}

type End = { at: number; bytes: number; count: number };

async function findEnd(source: ByteSource): Promise<End> {
  const from = Math.max(0, source.bytes - END_BYTES - COMMENT_BYTES_MAX);
  const tail = viewOf(await source.read(from, source.bytes));
  for (let at = tail.byteLength - END_BYTES; at >= 0; at--) {
    if (tail.getUint32(at, true) !== END_MARK || at + END_BYTES + tail.getUint16(at + 20, true) !== tail.byteLength) continue;
    const end = { count: tail.getUint16(at + 10, true), bytes: tail.getUint32(at + 12, true), at: tail.getUint32(at + 16, true) };
    if (end.count === 0xffff || end.bytes === 0xffffffff || end.at === 0xffffffff)
      throw new ZipProblem("it is in the larger format ZIP64; pack fewer than 65,535 files of less than 4 GiB in all");
    if (tail.getUint16(at + 4, true) !== 0 || tail.getUint16(at + 6, true) !== 0) throw new ZipProblem("it is one part of several");
    if (end.bytes > ZIP_LIMITS.directoryBytesMax || end.at + end.bytes > from + at) throw new ZipProblem("its directory is damaged");
    return end;
  }
  throw new ZipProblem("it has no directory at its end: it is no zip, or was cut off");
}

function readDirectory(bytes: Uint8Array, end: End): ZipEntry[] {
  const entries: ZipEntry[] = [];
  const names = new Set<string>();
  let at = 0;
  for (let i = 0; i < end.count; i++) {
    const { entry, next } = readEntry(bytes, at);
    at = next;
    if (!entry) continue;
    if (names.has(entry.name)) throw new ZipProblem(`it holds ${quote(entry.name)} twice`);
    names.add(entry.name);
    entries.push(entry);
  }
  return entries;
}

function readEntry(bytes: Uint8Array, at: number): { entry: ZipEntry | null; next: number } {
  const view = viewOf(bytes);
  if (at + FILE_BYTES > bytes.length || view.getUint32(at, true) !== FILE_MARK) throw new ZipProblem("its directory is damaged");
  const nameBytes = view.getUint16(at + 28, true);
  const next = at + FILE_BYTES + nameBytes + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
  if (next > bytes.length) throw new ZipProblem("its directory is damaged");
  const name = decodeName(bytes.subarray(at + FILE_BYTES, at + FILE_BYTES + nameBytes));
  if (isSkippedPath(name)) return { entry: null, next };
  const pathProblem = findPathProblem(name);
  if (pathProblem !== null) throw new ZipProblem(`${quote(name)} ${pathProblem}`);
  const mode = view.getUint32(at + 38, true) >>> 16;
  if ((mode & 0xf000) === 0xa000) throw new ZipProblem(`${quote(name)} is a link, not a file`);
  if (view.getUint16(at + 8, true) & 1) throw new ZipProblem(`${quote(name)} is encrypted`);
  const method = view.getUint16(at + 10, true);
  if (method !== 0 && method !== 8) throw new ZipProblem(`${quote(name)} is packed by method ${method}; only stored and deflated files are read`);
  const entry: ZipEntry = {
    name,
    method,
    crc32: view.getUint32(at + 16, true),
    packedBytes: view.getUint32(at + 20, true),
    bytes: view.getUint32(at + 24, true),
    at: view.getUint32(at + 42, true),
  };
  if (method === 0 && entry.packedBytes !== entry.bytes) throw new ZipProblem(`${quote(name)} has two sizes`);
  return { entry, next };
}

/** Files that share their bytes let a small zip claim to be a huge one. */
function checkPlaces(entries: readonly ZipEntry[], directoryAt: number): void {
  const inOrder = entries.toSorted((a, b) => a.at - b.at);
  for (const [i, entry] of inOrder.entries()) {
    const next = inOrder[i + 1]?.at ?? directoryAt;
    if (entry.at + LOCAL_BYTES + entry.packedBytes > next) throw new ZipProblem(`${quote(entry.name)} overlaps what follows it`);
  }
}

function checkSizes(entries: readonly ZipEntry[], { zipBytes, bytesMax }: { zipBytes: number; bytesMax: number }): number {
  const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  if (bytes > bytesMax) throw new ZipProblem(`it unpacks to ${bytes} bytes, and ${bytesMax} are allowed`);
  if (bytes > Math.max(ZIP_LIMITS.freeBytes, zipBytes * ZIP_LIMITS.ratioMax))
    throw new ZipProblem(`it unpacks to more than ${ZIP_LIMITS.ratioMax} times its size`);
  return bytes;
}

function decodeName(bytes: Uint8Array): string {
  if (bytes.length > ZIP_LIMITS.nameBytesMax) throw new ZipProblem(`a file's name is longer than ${ZIP_LIMITS.nameBytesMax} bytes`);
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new ZipProblem("a file's name is not UTF-8");
  }
}

/** A name as a sentence can hold it. */
function quote(name: string): string {
  return JSON.stringify(name.length > 100 ? `${name.slice(0, 100)}…` : name);
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
