import "server-only";
import { z } from "zod";

const address = z.string().regex(/^0x[0-9a-fA-F]{40}$/, { error: "must be an address: 0x and 40 hexadecimal digits" });
const privateKey = z.string().regex(/^0x[0-9a-fA-F]{64}$/, { error: "must be a private key: 0x and 64 hexadecimal digits" });

/** Settings of one chain and of the contracts there. */
export const chainEnvironment = {
  /** JSON-RPC URL of an EVM chain; without it only externally owned accounts can sign in. */
  CHAIN_RPC_URL: z.url().optional(),
  CHAIN_ID: z.coerce.number().int().min(1).default(1),
  CHAIN_NAME: z.string().min(1).max(40).default("Ethereum"),
  /** Symbol of the coin in which its network is paid, of 18 decimals. */
  CHAIN_COIN: z
    .string()
    .regex(/^[A-Za-z0-9]{2,6}$/, { error: "must be a coin's symbol: 2 to 6 letters and digits, as wallets take it" })
    .default("ETH"),
  /** Where people can look transactions up, without a slash at the end. */
  CHAIN_EXPLORER_URL: z.url({ protocol: /^https?$/ }).optional(),
  /** Address of the instance's JobEscrow; without it there are no deposits and no payouts. */
  POOL_ESCROW: address.optional(),
  /** The block in which it was created, where reading begins. */
  POOL_START_BLOCK: z.coerce.number().int().min(0).default(0),
  /** So many blocks must stand on an event before it is booked. */
  POOL_CONFIRMATIONS: z.coerce.number().int().min(0).max(10_000).default(32),
  /** Blocks asked for at once; less where the chain's server refuses. */
  POOL_LOG_BLOCKS: z.coerce.number().int().min(1).max(100_000).default(2000),
  /** Signs proposals and releases; for the background process and the app alone. */
  POOL_OPERATOR_KEY: privateKey.optional(),
  /** Owner of the budget that pays for the money the instance gives away. */
  POOL_SPONSOR: address.optional(),
  /** Who gets the earnings of devices that nobody linked in time. */
  POOL_RESERVE: address.optional(),
  /** Key of the wallet that sends signed claims for others and keeps a fee of each. */
  POOL_RELAYER_KEY: privateKey.optional(),
  /** What it keeps of each claim, in millionths of the token. */
  POOL_RELAYER_FEE_MICRO: z.coerce.bigint().default(50_000n),
  EPOCH_EVERY_S: z.coerce.number().int().min(1).default(86_400),
  /** On a demo chain: the key whose wallet gives gas away. */
  FAUCET_KEY: privateKey.optional(),
};
export type ChainEnvironment = z.output<z.ZodObject<typeof chainEnvironment>>;

/** The contracts through which an instance is funded and pays. */
export type PoolConfig = {
  escrow: `0x${string}`;
  startBlock: number;
  confirmations: number;
  logBlocks: number;
  chainName: string;
  coin: string;
  explorerUrl: string | null;
  operatorKey: `0x${string}` | null;
  sponsor: `0x${string}` | null;
  reserve: `0x${string}` | null;
  relayer: { key: `0x${string}`; feeMicro: bigint } | null;
  epochEveryS: number;
  faucetKey: `0x${string}` | null;
};

/** The contracts that these settings name; null where they name none. */
export function readPool(e: ChainEnvironment): PoolConfig | null {
  if (!e.POOL_ESCROW) return null;
  return {
    escrow: e.POOL_ESCROW.toLowerCase() as `0x${string}`,
    startBlock: e.POOL_START_BLOCK,
    confirmations: e.POOL_CONFIRMATIONS,
    logBlocks: e.POOL_LOG_BLOCKS,
    chainName: e.CHAIN_NAME,
    coin: e.CHAIN_COIN,
    explorerUrl: e.CHAIN_EXPLORER_URL ?? null,
    operatorKey: (e.POOL_OPERATOR_KEY as `0x${string}` | undefined) ?? null,
    sponsor: (e.POOL_SPONSOR?.toLowerCase() as `0x${string}` | undefined) ?? null,
    reserve: (e.POOL_RESERVE?.toLowerCase() as `0x${string}` | undefined) ?? null,
    relayer: e.POOL_RELAYER_KEY ? { key: e.POOL_RELAYER_KEY as `0x${string}`, feeMicro: e.POOL_RELAYER_FEE_MICRO } : null,
    epochEveryS: e.EPOCH_EVERY_S,
    faucetKey: (e.FAUCET_KEY as `0x${string}` | undefined) ?? null,
  };
}

/** What of these settings contradicts each other. */
export function chainContradictions(e: ChainEnvironment, isDemo: boolean): string[] {
  const problems: string[] = [];
  if (e.POOL_ESCROW && !e.CHAIN_RPC_URL) problems.push("POOL_ESCROW: needs CHAIN_RPC_URL, the chain it is on");
  if (e.FAUCET_KEY && !isDemo) problems.push("FAUCET_KEY: is for DEMO instances alone");
  if (e.POOL_RELAYER_KEY && e.POOL_RELAYER_KEY === e.POOL_OPERATOR_KEY)
    problems.push("POOL_RELAYER_KEY: must be another key than POOL_OPERATOR_KEY, whose transactions must not wait for claims");
  if (e.POOL_RELAYER_FEE_MICRO < 0n) problems.push("POOL_RELAYER_FEE_MICRO: must not be negative");
  return problems;
}
