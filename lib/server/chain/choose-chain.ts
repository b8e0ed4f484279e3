import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Config } from "../config/config.ts";

const others = new WeakMap<Config, readonly Config[]>();

/** The settings as they are with each of the further chains at hand; the same objects every time. */
function furtherConfigs(config: Config): readonly Config[] {
  const made = others.get(config) ?? config.furtherChains.map(({ chain, pool }): Config => ({ ...config, chain, pool, purse: chain.id, furtherChains: [] }));
  others.set(config, made);
  return made;
}

/** The same means with one of the instance's chains at hand: the first where none is named. Throws `chain_unknown` with those that there are. */
export function onChain<S extends { config: Config }>(services: S, chainId: number | undefined): S {
  if (chainId === undefined || chainId === services.config.chain.id) return services;
  const further = furtherConfigs(services.config);
  const config = further.find(({ chain }) => chain.id === chainId);
  if (config) return { ...services, config };
  // As text: a page would put separators into a number.
  throw new ApiError("chain_unknown", { chainId: String(chainId), chains: [services.config, ...further].map(({ chain }) => chain.id).join(", ") });
}

/** The same means once for each chain, the first chain first. */
export function onEveryChain<S extends { config: Config }>(services: S): S[] {
  return [services, ...furtherConfigs(services.config).map((config) => ({ ...services, config }))];
}

/** The chain on which the money of a purse is, with the first chain at hand; null on an instance without contracts. */
export function chainOfPurse({ chain, pool }: Config, purse: number): number | null {
  return pool ? purse || chain.id : null;
}
