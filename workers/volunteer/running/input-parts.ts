import type { GrantView } from "#lib/protocol/exchange/exchange.ts";

/** One request asks for at most this much unless a single shard is larger; larger spans are fetched in parts. */
const PART_BYTES_MAX = 32 * 1024 * 1024;

export type InputPart = { fromNo: number; toNo: number };

/** Cuts a grant's span into runs of whole shards of at most `bytesMax` each; a larger shard is a part alone. Usually there is one part. */
export function cutIntoParts(input: { fromNo: number; offsets: readonly number[] }, bytesMax: number): InputPart[] {
  const parts: InputPart[] = [];
  const { fromNo, offsets } = input;
  let start = 0;
  for (let index = 1; index < offsets.length; index++) {
    const end = offsets[index + 1];
    if (end !== undefined && end - (offsets[start] ?? 0) <= bytesMax) continue;
    parts.push({ fromNo: fromNo + start, toNo: fromNo + index });
    start = index;
  }
  return parts;
}

/** Fetches the bytes from `from` (included) to `to` (not) of a URL; fails when the answer is anything else. */
export type FetchRange = (url: string, span: { from: number; to: number }) => Promise<Uint8Array>;

type Entry = { part: InputPart; bytes: Promise<Uint8Array> | null; left: number };

/** The input of one held grant: each part is fetched once, when its first shard asks, and forgotten when its last shard has its bytes. */
export class GrantInput {
  readonly #input: NonNullable<GrantView["input"]>;
  readonly #fromNo: number;
  readonly #fetchRange: FetchRange;
  readonly #parts: Entry[];
  #header: Promise<Uint8Array> | null = null;

  constructor(view: { fromNo: number; input: NonNullable<GrantView["input"]> }, fetchRange: FetchRange) {
    this.#input = view.input;
    this.#fromNo = view.fromNo;
    this.#fetchRange = fetchRange;
    const parts = cutIntoParts({ fromNo: view.fromNo, offsets: view.input.offsets }, PART_BYTES_MAX);
    this.#parts = parts.map((part) => ({ part, bytes: null, left: part.toNo - part.fromNo }));
  }

  /** Begins to fetch the first part; a failure shows when a shard is taken. */
  warm(): void {
    const [first] = this.#parts;
    if (first) this.#begin(first).catch(() => null);
    this.#fetchHeader().catch(() => null);
  }

  /** With files, the name of the shard's file. */
  nameOf(no: number): string | undefined {
    return this.#input.names?.[no - this.#fromNo];
  }

  /** The bytes of one shard, after the header that every shard begins with, as a copy that may be transferred. Each shard may be taken once. */
  async take(no: number): Promise<Uint8Array<ArrayBuffer>> {
    const entry = this.#parts.find(({ part }) => no >= part.fromNo && no < part.toNo);
    if (!entry) throw new Error(`Shard ${no} is not in this grant's input.`);
    const from = this.#offset(entry.part.fromNo);
    const [header, bytes] = await Promise.all([this.#fetchHeader(), this.#begin(entry)]);
    const body = bytes.subarray(this.#offset(no) - from, this.#offset(no + 1) - from);
    const piece = new Uint8Array(header.length + body.length);
    piece.set(header);
    piece.set(body, header.length);
    if (--entry.left === 0) entry.bytes = Promise.resolve(new Uint8Array());
    return piece;
  }

  async #begin(entry: Entry): Promise<Uint8Array> {
    const from = this.#offset(entry.part.fromNo);
    const to = this.#offset(entry.part.toNo);
    entry.bytes ??= to > from ? this.#fetchRange(this.#input.url, { from, to }) : Promise.resolve(new Uint8Array());
    return await entry.bytes;
  }

  async #fetchHeader(): Promise<Uint8Array> {
    const { url, headerBytes = 0 } = this.#input;
    this.#header ??= headerBytes > 0 ? this.#fetchRange(url, { from: 0, to: headerBytes }) : Promise.resolve(new Uint8Array());
    return await this.#header;
  }

  #offset(no: number): number {
    const offset = this.#input.offsets[no - this.#fromNo];
    if (offset === undefined) throw new Error(`The input of this grant has no offset for shard ${no}.`);
    return offset;
  }
}
