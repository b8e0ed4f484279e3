import { listReceipts, type ServerReceipt } from "#lib/protocol/receipts/receipts.ts";
import { createDeviceCalls } from "#workers/volunteer/exchange/device-calls.ts";
import type { Receipt } from "#workers/volunteer/storage/storage-contract.ts";
import { findDeviceKey } from "./device-store.ts";
import { loadSettings } from "./settings-store.ts";

/** What the instance holds of a shard, by `keyOfShard`. */
export type ServerReceipts = ReadonlyMap<string, ServerReceipt>;

let calls: ReturnType<typeof createDeviceCalls> | null = null;

/**
 * Asks the instance, in this device's name, what became of the results that it was sent; none where this browser never was a device. Fails like every call
 * of the protocol.
 */
export async function askReceipts(receipts: readonly Receipt[], signal: AbortSignal): Promise<ServerReceipts> {
  const sent = receipts.filter(({ state }) => state === "taken" || state === "late");
  const key = sent.length > 0 ? await findDeviceKey() : null;
  if (!key) return new Map();
  const cores = loadSettings().cores ?? navigator.hardwareConcurrency;
  calls ??= createDeviceCalls({ baseUrl: location.origin, key, kind: "browser", cores });
  const answer = await calls.call(listReceipts, { shards: sent.map(({ jobId, no }) => ({ jobId, no })) }, { signal });
  return new Map(answer.receipts.map((receipt) => [keyOfShard(receipt), receipt]));
}

export function keyOfShard({ jobId, no }: { jobId: string; no: number }): string {
  return `${jobId} ${no}`;
}
