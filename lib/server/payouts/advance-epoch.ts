import "server-only";
import { encodeFunctionData, type Hex } from "viem";
import { jobEscrowAbi } from "#contracts/generated/job-escrow.ts";
import type { EpochState } from "#lib/domain/payouts/epoch-state.ts";
import { isEpochOver } from "#lib/domain/payouts/epoch-state.ts";
import { chainClient } from "../chain/chain-client.ts";
import { openPool } from "../chain/describe-pool.ts";
import type { Pool } from "../chain/pool-store.ts";
import type { Services } from "../context.ts";
import { writeFile, writeLeaves, writeTree } from "./build-epoch.ts";
import { cutEpoch } from "./cut-epoch.ts";
import { listDebits } from "./epoch-posting-store.ts";
import { type Epoch, findLatestEpoch } from "./epoch-store.ts";
import { type Pushed, pushTransaction } from "./push-transaction.ts";

const STEPS_MAX = 5;

/**
 * Brings payouts forward as far as they go now: cuts an epoch when one is due, builds it, proposes it, and finalizes it once its window is over. The state in the
 * database says what comes next, so any process may do any step, and one that dies is followed by another. Returns the state of the newest epoch.
 */
export async function advanceEpoch(services: Services): Promise<EpochState | null> {
  const pool = await openPool(services);
  for (let step = 0; step < STEPS_MAX; step += 1) {
    const epoch = await findLatestEpoch(services.db, pool.chainId);
    if (pool.frozen !== null || !(await advanceOnce(services, pool, epoch))) break;
  }
  return (await findLatestEpoch(services.db, pool.chainId))?.state ?? null;
}

/** One step; false if there is nothing to do but wait. */
async function advanceOnce(services: Services, pool: Pool, epoch: Epoch | null): Promise<boolean> {
  if (!epoch || isEpochOver(epoch.state)) return await cutEpoch(services, pool);
  if (epoch.state === "cut") await writeLeaves(services, epoch);
  else if (epoch.state === "leaves") await writeTree(services, epoch);
  else if (epoch.state === "tree") await writeFile(services, { pool, epoch });
  else {
    const pushed = epoch.state === "file" ? await propose(services, pool, epoch) : await finalize(services, pool, epoch);
    if (pushed.state === "failed") services.log.warn({ epoch: epoch.no, reason: pushed.reason }, "an epoch waits");
    return false;
  }
  return true;
}

async function propose(services: Services, pool: Pool, epoch: Epoch): Promise<Pushed> {
  const debits = await listDebits(services.db, epoch.chainId, epoch.no);
  const args = [epoch.root as Hex, epoch.totalMicro ?? 0n, `0x${epoch.fileSha256}`, debits] as const;
  return await pushTransaction(services, epoch, { to: pool.escrow, data: encodeFunctionData({ abi: jobEscrowAbi, functionName: "propose", args }) });
}

async function finalize(services: Services, pool: Pool, epoch: Epoch): Promise<Pushed> {
  const { timestamp } = await chainClient(services.config).getBlock();
  if (Number(timestamp) * 1000 < (epoch.finalizableAt?.getTime() ?? 0)) return { state: "waiting" };
  return await pushTransaction(services, epoch, { to: pool.escrow, data: encodeFunctionData({ abi: jobEscrowAbi, functionName: "finalize" }) });
}
