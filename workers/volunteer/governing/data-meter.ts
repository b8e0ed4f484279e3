import type { UsageStore } from "../storage/storage-contract.ts";

const SAVE_EVERY_MS = 5000;

/** Counts what is sent and received in a local day, and remembers it across starts. Bodies only: what headers and the network itself add is not seen here. */
export class DataMeter {
  readonly #store: UsageStore;
  #day = "";
  #bytes = 0;
  #savedBytes = 0;
  #savedAtMs = Number.NEGATIVE_INFINITY;

  constructor(store: UsageStore) {
    this.#store = store;
  }

  /** Goes on from what an earlier life counted on the same day. */
  async open(at: Date): Promise<void> {
    const known = await this.#store.load().catch(() => null);
    this.#roll(at);
    if (known?.day === this.#day) this.#bytes += known.bytes;
    this.#savedBytes = this.#bytes;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
  }

  bytesToday(at: Date): number {
    this.#roll(at);
    return this.#bytes;
  }

  /** Writes the count down, at most every five seconds unless this is the end. */
  async save(at: Date, { isEnd = false }: { isEnd?: boolean } = {}): Promise<void> {
    this.#roll(at);
    if (this.#bytes === this.#savedBytes || (!isEnd && at.getTime() - this.#savedAtMs < SAVE_EVERY_MS)) return;
    this.#savedBytes = this.#bytes;
    this.#savedAtMs = at.getTime();
    // A count that cannot be kept is lost at the end of the process; it bounds what is sent until then all the same.
    await this.#store.save({ day: this.#day, bytes: this.#bytes }).catch(() => undefined);
  }

  #roll(at: Date): void {
    const day = `${at.getFullYear()}-${String(at.getMonth() + 1).padStart(2, "0")}-${String(at.getDate()).padStart(2, "0")}`;
    if (day === this.#day) return;
    // What was counted before the first look belongs to today.
    if (this.#day !== "") this.#bytes = 0;
    this.#day = day;
  }
}
