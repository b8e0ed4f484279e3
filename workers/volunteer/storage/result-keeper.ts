import type { KeptResult, ResultRef, ResultStore } from "./storage-contract.ts";

/** Bounds of what is kept; the oldest go first. */
export const KEPT_RESULTS = { countMax: 2048, bytesMax: 128 * 1024 * 1024 } as const;
/** No grant lives longer, so that an older result can never be taken. */
const LIFE_MS_MAX = 6 * 3_600_000;
/** What a result costs beside its texts. */
const OVERHEAD_BYTES = 512;

/** Keeps finished results within bounds until they are acknowledged. Storage that fails is told once and never stops the engine. */
export class ResultKeeper {
  readonly #store: ResultStore;
  readonly #onFailure: () => void;
  /** Bytes of each kept result, the oldest first. */
  readonly #kept = new Map<string, { ref: ResultRef; bytes: number }>();
  #bytes = 0;

  constructor(store: ResultStore, onFailure: () => void) {
    this.#store = store;
    this.#onFailure = onFailure;
  }

  /** How many results wait for their acknowledgement. */
  get count(): number {
    return this.#kept.size;
  }

  /** What an earlier life left behind, without what is too old to be taken. */
  async open(nowMs: number): Promise<KeptResult[]> {
    const all = await this.#guard(async () => await this.#store.list(), []);
    const old = all.filter(({ atMs }) => nowMs - atMs > LIFE_MS_MAX);
    if (old.length > 0) await this.drop(old.map(refOf));
    const fresh = all.filter((kept) => !old.includes(kept)).sort((a, b) => a.atMs - b.atMs);
    for (const kept of fresh) this.#note(kept);
    return fresh;
  }

  async keep(kept: KeptResult): Promise<void> {
    this.#note(kept);
    await this.#guard(async () => await this.#store.keep(kept), undefined);
    await this.drop(this.#surplus());
  }

  async drop(refs: readonly ResultRef[]): Promise<void> {
    if (refs.length === 0) return;
    for (const ref of refs) {
      this.#bytes -= this.#kept.get(keyOf(ref))?.bytes ?? 0;
      this.#kept.delete(keyOf(ref));
    }
    await this.#guard(async () => await this.#store.drop(refs), undefined);
  }

  #surplus(): ResultRef[] {
    const surplus: ResultRef[] = [];
    let [count, total] = [this.#kept.size, this.#bytes];
    for (const { ref, bytes } of this.#kept.values()) {
      if (count <= KEPT_RESULTS.countMax && total <= KEPT_RESULTS.bytesMax) break;
      surplus.push(ref);
      count--;
      total -= bytes;
    }
    return surplus;
  }

  #note(kept: KeptResult): void {
    const ref = refOf(kept);
    const known = this.#kept.get(keyOf(ref));
    const bytes = sizeOf(kept);
    this.#bytes += bytes - (known?.bytes ?? 0);
    this.#kept.set(keyOf(ref), { ref, bytes });
  }

  async #guard<T>(act: () => Promise<T>, otherwise: T): Promise<T> {
    try {
      return await act();
    } catch {
      this.#onFailure();
      return otherwise;
    }
  }
}

function refOf({ grantId, result }: KeptResult): ResultRef {
  return { grantId, no: result.no };
}

function keyOf({ grantId, no }: ResultRef): string {
  return `${grantId} ${no}`;
}

function sizeOf({ result, upload }: KeptResult): number {
  return OVERHEAD_BYTES + (result.output?.length ?? 0) + (result.stderr?.length ?? 0) + (upload?.bytes.length ?? 0);
}
