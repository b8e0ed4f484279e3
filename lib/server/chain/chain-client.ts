import "server-only";
import { createPublicClient, http, type PublicClient } from "viem";
import { ApiError } from "#lib/protocol/errors.ts";
import type { PoolConfig } from "../config/chain-config.ts";
import type { Config } from "../config/config.ts";

const RPC_TIMEOUT_MS = 10_000;
const RETRIES = 2;

const clients = new WeakMap<Config, PublicClient>();

/** The settings of the pool, or `no_pool` on an instance without one. */
export function requirePool(config: Config): PoolConfig {
  if (!config.pool) throw new ApiError("no_pool");
  return config.pool;
}

/** Reads the instance's chain; one client for each configuration. */
export function chainClient(config: Config): PublicClient {
  const { rpcUrl } = config.chain;
  if (rpcUrl === null) throw new ApiError("no_pool");
  const client =
    clients.get(config) ?? createPublicClient({ transport: http(rpcUrl, { timeout: RPC_TIMEOUT_MS, retryCount: RETRIES, retryDelay: 100 }), cacheTime: 0 });
  clients.set(config, client);
  return client;
}
