/** What a device shares with others, as keyed hashes that expire; null where it is unknown. Never a fingerprint of its browser. */
export type DeviceSignals = {
  accountId: string | null;
  /** Codes by which it, or its account, joined pools. */
  poolCodeHashes: readonly string[];
  address: { kind: "loopback" | "private" | "public"; prefixHash: string; widePrefixHash: string };
  registeredAt: number;
  /** Hash of how it behaved: the same wrong answer as another device. */
  wrongAnswerHashes: readonly string[];
};

/** What two devices have in common. Order: the surest first. */
export const CLUSTER_SIGNALS = ["account", "wrong_answer", "pool_code", "address", "burst"] as const;
export type ClusterSignal = (typeof CLUSTER_SIGNALS)[number];

/** Registrations of one wide prefix within this time are a burst from this count on. */
const BURST_MS = 60_000;
const BURST_DEVICES_MIN = 6;

/** How many devices of the wide prefix registered in the same minute; a burst joins them. */
export type Registrations = { inBurst: number };

/**
 * The keys of a device: two devices are joined when they share one. A loopback or private address gives no key, so devices on one machine or in one household
 * behind their own instance stay independent. Only the account's key is hard; all others are suspicion: they part replicas and guide checks, and never punish by
 * themselves. None of them counts inside a pool (`clusterWithin`).
 */
export function clusterKeysOf(device: DeviceSignals, registrations: Registrations): string[] {
  const keys: string[] = [];
  if (device.accountId !== null) keys.push(`account ${device.accountId}`);
  for (const hash of device.wrongAnswerHashes) keys.push(`wrong_answer ${hash}`);
  for (const hash of device.poolCodeHashes) keys.push(`pool_code ${hash}`);
  if (device.address.kind === "public") keys.push(`address ${device.address.prefixHash}`);
  if (device.address.kind === "public" && registrations.inBurst >= BURST_DEVICES_MIN)
    keys.push(`burst ${device.address.widePrefixHash} ${Math.floor(device.registeredAt / BURST_MS)}`);
  return keys;
}

/**
 * As which cluster a device counts for replicas of a job. Inside a pool whoever its members let in belongs, and often sits in one room: there each account, or device without
 * one, counts by itself. Everywhere else its cluster does.
 */
export function clusterWithin(device: { clusterId: string; voterId: string }, job: { isOfPool: boolean }): string {
  return job.isOfPool ? device.voterId : device.clusterId;
}

/** By which signal two devices' keys join them, the surest; null when they are independent. */
export function findJoin(keys: readonly string[], otherKeys: readonly string[]): ClusterSignal | null {
  const shared = new Set(otherKeys);
  for (const signal of CLUSTER_SIGNALS) if (keys.some((key) => key.startsWith(`${signal} `) && shared.has(key))) return signal;
  return null;
}

/** Whether replicas of one shard may go to both devices: never within an account; a suspected cluster is avoided. */
export function mayPair(join: ClusterSignal | null): "yes" | "never" | "avoid" {
  if (join === null) return "yes";
  return join === "account" ? "never" : "avoid";
}

/** How long a shard waits for an independent device before a trusted one runs its other replica. */
const INDEPENDENT_WAIT_MS = 60_000;

/** What happens to a replica for which only joined devices have asked. */
export function decideWithoutIndependent(wait: { waitedMs: number; hasTrustedDevice: boolean }): "wait" | "trusted" | "tell_owner" {
  if (wait.waitedMs < INDEPENDENT_WAIT_MS) return "wait";
  return wait.hasTrustedDevice ? "trusted" : "tell_owner";
}
