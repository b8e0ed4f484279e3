import type { JobId } from "#lib/domain/ids.ts";
import type { ResultReport } from "#lib/protocol/exchange/exchange.ts";
import type { EndedResult } from "../exchange/grant-buffer.ts";
import { ResultKeeper } from "./result-keeper.ts";
import type { EngineStorage, KeptResult, ReceiptBook, ResultRef } from "./storage-contract.ts";

export type ResultLedgerOptions = {
  storage: Pick<EngineStorage, "results" | "receipts">;
  nameOf(jobId: JobId): string;
  /** Storage fails: results live in memory only. */
  onFailure(): void;
};

/** The life of results beside the exchange: kept from when they are finished until the instance has them, with a receipt for each. */
export class ResultLedger {
  readonly #keeper: ResultKeeper;
  readonly #receipts: ReceiptBook;
  readonly #nameOf: (jobId: JobId) => string;

  constructor({ storage, nameOf, onFailure }: ResultLedgerOptions) {
    this.#keeper = new ResultKeeper(storage.results, onFailure);
    this.#receipts = storage.receipts;
    this.#nameOf = nameOf;
  }

  /** Results that wait for their acknowledgement. */
  get keptCount(): number {
    return this.#keeper.count;
  }

  /** What an earlier life left behind. */
  async open(): Promise<KeptResult[]> {
    return await this.#keeper.open(Date.now());
  }

  /** Keeps a finished result, before it may be reported; with a large output until that is uploaded. */
  async keep(shard: ResultRef & { jobId: JobId }, result: ResultReport, upload: KeptResult["upload"]): Promise<void> {
    const { jobId, grantId } = shard;
    const atMs = Date.now();
    await this.#keeper.keep({ jobId, grantId, result, atMs, upload });
    const { no, outcome, durationMs, digest = null } = result;
    const receipt = { grantId, no, jobId, jobName: this.#nameOf(jobId), outcome, digest, durationMs, atMs, state: "kept", problem: null } as const;
    // Receipts are for the person; one that cannot be written costs nothing else.
    this.#receipts.add(receipt).catch(() => undefined);
  }

  /** Nobody will report it. */
  async forget({ grantId, no }: ResultRef): Promise<void> {
    this.#receipts.change([{ grantId, no, state: "dropped", problem: null }]).catch(() => undefined);
    await this.#keeper.drop([{ grantId, no }]);
  }

  /** The instance has answered: what it has need not be kept. */
  async settle(ended: readonly EndedResult[]): Promise<void> {
    if (ended.length === 0) return;
    this.#receipts.change(ended).catch(() => undefined);
    await this.#keeper.drop(ended.map(({ grantId, no }) => ({ grantId, no })));
  }
}
