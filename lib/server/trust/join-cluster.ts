import "server-only";
import { createHmac } from "node:crypto";
import type { DeviceId } from "#lib/domain/ids.ts";
import { classifyAddress } from "#lib/domain/trust/classify-address.ts";
import { CLUSTER_SIGNALS, clusterKeysOf, type DeviceSignals } from "#lib/domain/trust/cluster.ts";
import type { Config } from "../config/config.ts";
import type { Tx } from "../db/client.ts";
import { listJoinCodes } from "../pools/pool-store.ts";
import { deriveSecret } from "../secrets.ts";
import { countRegistration, joinClusters } from "./cluster-store.ts";

/** What a device has in common with others is forgotten so long after it was last seen. */
const KEY_LIFE_MS = 30 * 24 * 3_600_000;
const MINUTE_MS = 60_000;

export type Newcomer = {
  deviceId: DeviceId;
  /** UUID of the account, or of the device while it has none. */
  voterId: string;
  hasAccount: boolean;
  isNew: boolean;
  /** Where it registers from; null where that is not known. */
  address: string | null;
  registeredAt: Date;
  at: Date;
};

/**
 * Puts a device that registers or renews its token into a cluster with those that it shares an account, a pool's code or a network with, or that came in one burst. Kept are
 * keyed hashes alone, which nobody can turn back into an address without the instance's secret. Which signals count is the instance's setting.
 */
export async function joinCluster(tx: Tx, config: Pick<Config, "sessionSecret" | "clusterSignals">, device: Newcomer): Promise<void> {
  const secret = deriveSecret(config.sessionSecret, "cluster");
  const hash = (text: string) => createHmac("sha256", secret).update(text).digest("base64url").slice(0, 22);
  const expiresAt = new Date(device.at.getTime() + KEY_LIFE_MS);
  const network = device.address === null ? null : classifyAddress(device.address);
  const address: DeviceSignals["address"] = network
    ? { kind: network.kind, prefixHash: hash(`prefix ${network.prefix}`), widePrefixHash: hash(`wide ${network.widePrefix}`) }
    : { kind: "private", prefixHash: "", widePrefixHash: "" };
  const signals: DeviceSignals = {
    accountId: device.hasAccount ? hash(device.voterId) : null,
    poolCodeHashes: (await listJoinCodes(tx, device.deviceId)).map((code) => hash(`pool ${code}`)),
    address,
    registeredAt: device.registeredAt.getTime(),
    wrongAnswerHashes: [],
  };
  const counter = `registrations ${address.widePrefixHash} ${Math.floor(device.registeredAt.getTime() / MINUTE_MS)}`;
  const count = { by: device.isNew ? 1 : 0, clusterId: device.voterId, expiresAt: new Date(device.at.getTime() + 2 * MINUTE_MS) };
  const inBurst = address.kind === "public" ? await countRegistration(tx, counter, count) : 0;
  const keys = clusterKeysOf(signals, { inBurst }).filter((key) =>
    CLUSTER_SIGNALS.some((signal) => config.clusterSignals.includes(signal) && key.startsWith(`${signal} `)),
  );
  await joinClusters(tx, { deviceId: device.deviceId, ownId: device.voterId, keys, at: device.at, expiresAt });
}
