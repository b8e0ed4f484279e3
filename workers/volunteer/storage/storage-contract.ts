import type { GrantId, JobId, Sha256 } from "#lib/domain/ids.ts";
import type { Outcome } from "#lib/domain/replica/outcome.ts";
import type { ResultReport } from "#lib/protocol/exchange/exchange.ts";

export type ResultRef = { grantId: GrantId; no: number };

/** A finished result that the instance has not acknowledged. */
export type KeptResult = {
  jobId: JobId;
  grantId: GrantId;
  result: ResultReport;
  /** When it was finished, in milliseconds since 1970. */
  atMs: number;
  /** A large output that has not been uploaded yet, and where it goes; null where the report is all there is to send. */
  upload: { url: string; bytes: Uint8Array<ArrayBuffer> } | null;
};

/** Results that outlive the process. Any of it may fail, as storage does; the engine then goes on from memory. */
export interface ResultStore {
  list(): Promise<KeptResult[]>;
  /** Adds it, or replaces the one of the same grant and number. */
  keep(kept: KeptResult): Promise<void>;
  drop(refs: readonly ResultRef[]): Promise<void>;
}

/** Programs and shared files by their digest, bounded by whoever stores them. What comes back is checked by the reader. */
export interface ArtifactStore {
  find(sha256: Sha256): Promise<Uint8Array<ArrayBuffer> | null>;
  keep(sha256: Sha256, bytes: Uint8Array<ArrayBuffer>): Promise<void>;
}

/**
 * What became of a result: `kept` here until the instance has it, `taken` by the instance, `late` for it, `refused` with a reason, or `dropped` because its
 * grant was handed back before it was reported.
 */
export type ReceiptState = "kept" | "taken" | "late" | "refused" | "dropped";

/** One shard that this device ran, for the person it belongs to. */
export type Receipt = ResultRef & {
  jobId: JobId;
  jobName: string;
  outcome: Outcome;
  digest: Sha256 | null;
  durationMs: number;
  atMs: number;
  state: ReceiptState;
  /** Why it was refused. */
  problem: string | null;
};
export type ReceiptChange = ResultRef & { state: ReceiptState; problem: string | null };

/** The newest receipts of this device, bounded by whoever stores them. */
export interface ReceiptBook {
  add(receipt: Receipt): Promise<void>;
  /** Changes to receipts that are not there any more are ignored. */
  change(changes: readonly ReceiptChange[]): Promise<void>;
}

/** What was sent and received in a local day, written `2026-11-24`. */
export type DataUsage = { day: string; bytes: number };
export interface UsageStore {
  load(): Promise<DataUsage | null>;
  save(usage: DataUsage): Promise<void>;
}

/** Everything an engine keeps beyond its own life: in a browser IndexedDB and Cache Storage, in a process a folder. */
export interface EngineStorage {
  results: ResultStore;
  artifacts: ArtifactStore;
  receipts: ReceiptBook;
  usage: UsageStore;
}
