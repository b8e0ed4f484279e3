import "server-only";
import { z } from "zod";
import { type ChainEnvironment, chainContradictions, chainEnvironment, type PoolConfig, readPool } from "./chain-config.ts";

/** The settings of a further chain: what the first one can do without, it must have. */
const entry = z.strictObject(
  {
    ...chainEnvironment,
    CHAIN_RPC_URL: chainEnvironment.CHAIN_RPC_URL.unwrap(),
    CHAIN_ID: z.coerce.number().int().min(1),
    CHAIN_NAME: chainEnvironment.CHAIN_NAME.unwrap(),
    POOL_ESCROW: chainEnvironment.POOL_ESCROW.unwrap(),
  },
  { error: (issue) => (issue.code === "unrecognized_keys" ? `${issue.keys?.join(", ")} is no setting of a chain` : "each must be an object of settings") },
);

/** The setting that names chains beside the first. */
export const furtherChainsEnvironment = {
  /** A JSON list: for each further chain an object with the settings of a chain, by the names that they have for the first. */
  FURTHER_CHAINS: z
    .string()
    .default("[]")
    .transform((text, check) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        check.addIssue({ code: "custom", message: "must be a JSON list of objects, one for each further chain" });
        return z.NEVER;
      }
    })
    .pipe(z.array(entry, { error: "must be a JSON list of objects, one for each further chain" }).max(20)),
};
type FurtherEnvironment = z.output<z.ZodObject<typeof furtherChainsEnvironment>>;

/** A chain beside the first: how it is reached, and the contracts there. */
export type FurtherChain = { chain: { rpcUrl: string; id: number }; pool: PoolConfig };

/** The further chains, in the order in which they are named. */
export function readFurtherChains({ FURTHER_CHAINS }: FurtherEnvironment): FurtherChain[] {
  return FURTHER_CHAINS.flatMap((e) => {
    const pool = readPool(e);
    return pool ? [{ chain: { rpcUrl: e.CHAIN_RPC_URL, id: e.CHAIN_ID }, pool }] : [];
  });
}

/** What of the further chains contradicts itself, the first chain, or another one. */
export function furtherContradictions(e: ChainEnvironment & FurtherEnvironment & { DEMO: boolean }): string[] {
  if (e.FURTHER_CHAINS.length === 0) return [];
  const problems = e.FURTHER_CHAINS.flatMap((further) => chainContradictions(further, e.DEMO).map((line) => `FURTHER_CHAINS: ${further.CHAIN_NAME}: ${line}`));
  if (!e.POOL_ESCROW) problems.push("FURTHER_CHAINS: needs POOL_ESCROW, the contracts on the first chain");
  const ids = [e.CHAIN_ID, ...e.FURTHER_CHAINS.map(({ CHAIN_ID }) => CHAIN_ID)];
  for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i))) problems.push(`FURTHER_CHAINS: CHAIN_ID ${id} is named twice`);
  return problems;
}
