import "server-only";
import { getAddress } from "viem/utils";
import type { AccountId } from "#lib/domain/ids.ts";
import { PLATFORM_ACCOUNT } from "#lib/domain/ledger/platform.ts";
import { findAccountByAddress, insertAccount } from "../accounts/account-store.ts";
import type { Services } from "../context.ts";
import type { Tx } from "../db/client.ts";
import { newId } from "../ids.ts";
import { moveBudget, setBudgetCap, setBudgetExit, upsertBudget } from "../ledger/budgets/budget-event-store.ts";
import { closeReleaseByNonce } from "../ledger/budgets/budget-store.ts";
import { postAccountGroup } from "../ledger/ledger-store.ts";
import { coverWithdrawal } from "../payouts/cover-withdrawal.ts";
import { finalizeEpoch, noteProposal, vetoEpoch } from "../payouts/settle-epoch.ts";
import { freezePool } from "./event-store.ts";
import type { Pool } from "./pool-store.ts";
import type { ChainEvent } from "./read-logs.ts";

type Booking = { pool: Pool; event: ChainEvent };
type Book = (tx: Tx, booking: Booking, services: Services) => Promise<void>;

/** What the books can hold: eight bytes with a sign. More than nine trillion dollars is nobody's deposit. */
const MICRO_MAX = 2n ** 63n - 1n;

/** Events that move money or change a budget; the others are only kept. */
const BOOKS: Readonly<Record<string, Book>> = {
  async BudgetFunded(tx, { pool, event }, services) {
    const accountId = await accountOf(tx, event.args.owner, services);
    const amountMicro = amountOf(event, "amount");
    await upsertBudget(tx, pool.chainId, { key: wordOf(event, "budget"), budgetId: wordOf(event, "budgetId"), accountId, amountMicro });
    await postAccountGroup(tx, { ref: `deposit:${placeOf(pool, event)}`, purse: pool.purse }, [
      { accountId, side: "available", amountMicro },
      { accountId, side: "chain", amountMicro: -amountMicro },
    ]);
  },
  async EpochCapOfBudgetSet(tx, { pool, event }) {
    const cap = BigInt(event.args.epochCap ?? "0");
    await setBudgetCap(tx, pool.chainId, { key: wordOf(event, "budget"), capMicro: cap > MICRO_MAX ? MICRO_MAX : cap });
  },
  async BudgetDebited(tx, { pool, event }) {
    await moveBudget(tx, pool.chainId, { key: wordOf(event, "budget"), amountMicro: -amountOf(event, "amount") });
  },
  async BudgetRestored(tx, { pool, event }) {
    await moveBudget(tx, pool.chainId, { key: wordOf(event, "budget"), amountMicro: amountOf(event, "amount") });
  },
  async BudgetReleased(tx, { pool, event }) {
    const amountMicro = amountOf(event, "amount");
    const { accountId, releases } = await moveBudget(tx, pool.chainId, { key: wordOf(event, "budget"), amountMicro: -amountMicro, isRelease: true });
    const wasOpen = await closeReleaseByNonce(tx, pool.chainId, { key: wordOf(event, "budget"), nonce: releases - 1 });
    await postAccountGroup(tx, { ref: `withdraw:${placeOf(pool, event)}`, purse: pool.purse }, [
      { accountId, side: wasOpen ? "releasing" : "available", amountMicro: -amountMicro },
      { accountId, side: "chain", amountMicro },
    ]);
  },
  async WithdrawRequested(tx, { pool, event }) {
    await setBudgetExit(tx, pool.chainId, { key: wordOf(event, "budget"), at: new Date(Number(event.args.withdrawAt) * 1000) });
  },
  async WithdrawCancelled(tx, { pool, event }) {
    await setBudgetExit(tx, pool.chainId, { key: wordOf(event, "budget"), at: null });
  },
  async BudgetWithdrawn(tx, { pool, event }, { clock }) {
    const amountMicro = amountOf(event, "amount");
    const { accountId } = await moveBudget(tx, pool.chainId, { key: wordOf(event, "budget"), amountMicro: -amountMicro });
    await coverWithdrawal(tx, { accountId, purse: pool.purse, amountMicro, place: placeOf(pool, event), at: clock.now() });
    await postAccountGroup(tx, { ref: `withdraw:${placeOf(pool, event)}`, purse: pool.purse }, [
      { accountId, side: "available", amountMicro: -amountMicro },
      { accountId, side: "chain", amountMicro },
    ]);
  },
  async Claimed(tx, { pool, event }, services) {
    const accountId = await accountOf(tx, event.args.account, services);
    const amountMicro = amountOf(event, "amount");
    await postAccountGroup(tx, { ref: `claim:${placeOf(pool, event)}`, purse: pool.purse }, [
      { accountId, side: "published", amountMicro: -amountMicro },
      { accountId, side: "chain", amountMicro },
    ]);
  },
  async FeesWithdrawn(tx, { pool, event }) {
    const amountMicro = amountOf(event, "amount");
    await postAccountGroup(tx, { ref: `fees:${placeOf(pool, event)}`, purse: pool.purse }, [
      { accountId: PLATFORM_ACCOUNT, side: "fee", amountMicro: -amountMicro },
      { accountId: PLATFORM_ACCOUNT, side: "chain", amountMicro },
    ]);
  },
  async EpochProposed(tx, { pool, event }) {
    const isOurs = await noteProposal(tx, pool.chainId, {
      root: wordOf(event, "root"),
      chainNo: Number(event.args.epoch),
      at: event.blockAt,
      finalizableAt: new Date(Number(event.args.finalizableAt) * 1000),
      txHash: event.txHash,
    });
    // Who proposes in our name has our key. The guardian vetoes; nothing of ours may follow until an operator has looked.
    if (!isOurs) await freezePool(tx, pool.chainId, `epoch ${event.args.epoch} was proposed on chain by somebody else (transaction ${event.txHash})`);
  },
  async EpochVetoed(tx, { pool, event }) {
    await vetoEpoch(tx, pool.chainId, { chainNo: Number(event.args.epoch), at: event.blockAt, txHash: event.txHash });
  },
  async EpochFinalized(tx, { pool, event }) {
    await finalizeEpoch(tx, pool.chainId, { chainNo: Number(event.args.epoch), at: event.blockAt, txHash: event.txHash });
  },
};

/** Books a confirmed event. The caller sees to it that each comes once; the refs of its postings would refuse a second. */
export async function bookEvent(tx: Tx, services: Services, booking: Booking): Promise<void> {
  await BOOKS[booking.event.name]?.(tx, booking, services);
}

/** Names a log for ever: by then its block is final. */
function placeOf({ chainId }: Pool, { txHash, logIndex }: ChainEvent): string {
  return `${chainId}:${txHash}:${logIndex}`;
}

function wordOf({ name, args }: ChainEvent, field: string): string {
  const value = args[field];
  if (value === undefined) throw new Error(`the event ${name} has no ${field}`);
  return value;
}

function amountOf(event: ChainEvent, field: string): bigint {
  const amount = BigInt(wordOf(event, field));
  if (amount > MICRO_MAX) throw new RangeError(`${event.name} is about ${amount}, more than the books can hold`);
  return amount;
}

/** The account of a wallet, opened by its first deposit if it never signed in. */
async function accountOf(tx: Tx, address: string | undefined, { clock }: Services): Promise<AccountId> {
  const wallet = getAddress(address ?? "");
  await insertAccount(tx, { id: newId("acc"), address: wallet, at: clock.now() });
  const account = await findAccountByAddress(tx, wallet);
  if (!account) throw new Error(`the account of ${wallet} vanished while it was booked for`);
  return account.id;
}
