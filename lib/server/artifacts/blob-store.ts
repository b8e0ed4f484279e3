import "server-only";
import type { Sha256 } from "#lib/domain/ids.ts";

/** Where immutable bytes lie, named by their SHA-256. The file system holds them by default; anything with these calls can. */
export type BlobStore = {
  /**
   * Streams bytes in, hashing on the way, never holding them whole. Stops reading at `bytesMax`. With `expected`, other bytes are refused.
   * Until it answers `stored` nothing is visible under any name.
   */
  put(
    source: AsyncIterable<Uint8Array>,
    options: { bytesMax: number; expected?: Sha256 },
  ): Promise<{ ok: true; sha256: Sha256; bytes: number } | { ok: false; reason: "too_large" } | { ok: false; reason: "digest_mismatch"; got: Sha256 }>;
  /** Whether the bytes are here, and how many. */
  size(sha256: Sha256): Promise<number | null>;
  /** The bytes from `start` up to and not including `end`, as a stream. Throws if they are not here. */
  read(sha256: Sha256, range?: { start: number; end: number }): AsyncIterable<Uint8Array>;
  /** The same, whole, for small parts. */
  readBytes(sha256: Sha256, range?: { start: number; end: number }): Promise<Uint8Array>;
  /**
   * Several small parts of the same bytes, in the order asked for; cheaper than one call for each. A store may put them `into` bytes that are given, if they
   * fit, so that nothing new is made.
   */
  readParts(sha256: Sha256, ranges: readonly { start: number; end: number }[], into?: Uint8Array): Promise<Uint8Array[]>;
  remove(sha256: Sha256): Promise<void>;
  /** Where the store itself answers with the bytes, for a few minutes; only of a store that people may reach. */
  directUrl?(sha256: Sha256): Promise<string>;
  /** Bytes that are on their way here in several requests. */
  partials: PartialStore;
};

/** Where uploads lie that are not whole yet, by a name of 32 hexadecimal digits. They survive the process. */
export type PartialStore = {
  /**
   * Writes what `source` brings at `offset`, but no more than `bytesMax`, and syncs it. A source that fails ends it as `interrupted`, and what it brought is
   * kept. Writing the same bytes at the same place again changes nothing.
   */
  write(
    name: string,
    source: AsyncIterable<Uint8Array>,
    place: { offset: number; bytesMax: number },
  ): Promise<{ bytes: number; end: "whole" } | { bytes: number; end: "too_long" } | { bytes: number; end: "interrupted"; cause: unknown }>;
  /** How many bytes are here from the first one on, without a gap; 0 where none are. */
  size(name: string): Promise<number>;
  /** The first `bytes` of them. */
  read(name: string, bytes: number): AsyncIterable<Uint8Array>;
  remove(name: string): Promise<void>;
};
