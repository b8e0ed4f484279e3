import "server-only";
import type { PublicClient } from "viem";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { transaction } from "../db/transaction.ts";
import { bookEvent } from "./book-event.ts";
import { chainClient, requirePool } from "./chain-client.ts";
import { openPool } from "./describe-pool.ts";
import { advanceCursor, advanceRescan, confirmEvents, freezePool, noteHead, replaceSeen } from "./event-store.ts";
import type { Pool } from "./pool-store.ts";
import { type BlockRange, readEvents } from "./read-logs.ts";

export type Followed = { booked: number; seen: number; frozen: string | null };

/**
 * Reads on in the chain. Blocks with enough confirmations are read by ranges, and what the contracts logged there is booked in the transaction that moves the
 * cursor; later each range is read once more, in case the chain's server left something out. What is newer is shown and not booked. If a block that was booked
 * is no longer in the chain, nothing is reversed: the pool freezes until an operator has looked. Safe to run anywhere, any number of times.
 */
export async function followChain(services: Services): Promise<Followed> {
  const client = chainClient(services.config);
  const { confirmations, logBlocks } = requirePool(services.config);
  let pool = await openPool(services);
  if (pool.frozen !== null) return { booked: 0, seen: 0, frozen: pool.frozen };
  const head = Number(await client.getBlockNumber());
  if (!(await isOnChain(client, pool))) return await freeze(services, pool);
  let booked = 0;
  for (const range of ranges(pool.nextBlock, head - confirmations, logBlocks)) booked += await readForGood(services, { client, pool, range });
  for (const range of ranges(pool.rescannedTo, head - 2 * confirmations - 1, logBlocks)) booked += await readAgain(services, { client, pool, range });
  pool = await openPool(services);
  const seen = pool.nextBlock <= head ? await readEvents(client, pool, { from: pool.nextBlock, to: head }) : [];
  await transaction(
    services.db,
    async (tx) => {
      await replaceSeen(tx, pool.chainId, seen);
      await noteHead(tx, pool.chainId, head, services.clock.now());
    },
    "relaxed",
  );
  return { booked, seen: seen.length, frozen: pool.frozen };
}

function* ranges(from: number, to: number, size: number): Generator<BlockRange> {
  for (let start = from; start <= to; start += size) yield { from: start, to: Math.min(to, start + size - 1) };
}

async function isOnChain(client: PublicClient, { nextBlock, lastHash }: Pool): Promise<boolean> {
  if (lastHash === null) return true;
  const block = await client.getBlock({ blockNumber: BigInt(nextBlock - 1) }).catch((error: unknown) => {
    // A chain that has become shorter than what was booked has lost that block; one that does not answer says nothing.
    if (error instanceof Error && error.name === "BlockNotFoundError") return null;
    throw error;
  });
  return block?.hash === lastHash;
}

async function freeze(services: Services, pool: Pool): Promise<Followed> {
  const reason = `block ${pool.nextBlock - 1} was booked as ${pool.lastHash} and is no longer in the chain`;
  services.log.fatal({ chainId: pool.chainId, reason }, "the pool is frozen: the chain took back what was booked");
  await transaction(services.db, (tx) => freezePool(tx, pool.chainId, reason));
  return { booked: 0, seen: 0, frozen: reason };
}

type Reading = { client: PublicClient; pool: Pool; range: BlockRange };

async function readForGood(services: Services, { client, pool, range }: Reading): Promise<number> {
  const { hash } = await client.getBlock({ blockNumber: BigInt(range.to) });
  const events = await readEvents(client, pool, range);
  const after = await client.getBlock({ blockNumber: BigInt(range.to) });
  if (after.hash !== hash) throw new Error(`Block ${range.to} changed while it was read.`);
  return await transaction(services.db, async (tx) =>
    (await advanceCursor(tx, pool.chainId, { ...range, hash })) ? await bookAll(tx, services, { pool, events }) : 0,
  );
}

async function readAgain(services: Services, { client, pool, range }: Reading): Promise<number> {
  const events = await readEvents(client, pool, range);
  const booked = await transaction(services.db, async (tx) =>
    (await advanceRescan(tx, pool.chainId, range)) ? await bookAll(tx, services, { pool, events }) : 0,
  );
  if (booked > 0) services.log.warn({ ...range, booked }, "the chain's server had left events out at the first reading");
  return booked;
}

async function bookAll(tx: Tx, services: Services, { pool, events }: { pool: Pool; events: Awaited<ReturnType<typeof readEvents>> }): Promise<number> {
  const fresh = await confirmEvents(tx, pool.chainId, events);
  for (const event of fresh) await bookEvent(tx, services, { pool, event });
  return fresh.length;
}
