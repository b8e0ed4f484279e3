import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { Micro } from "#lib/domain/ledger/money.ts";
import type { Tx } from "../../db/client.ts";

export type RelayedClaim = { alreadyPaidMicro: Micro; amountMicro: Micro; feeMicro: Micro; rawTx: `0x${string}`; txHash: `0x${string}`; sentAt: Date };
type Key = { chainId: number; accountId: AccountId; alreadyPaidMicro: Micro };

/** Held while the relayer's next transaction on a chain is signed, so that no two get one number there. */
const RELAY_LOCK = 7_405_013;

/** Keeps every other relayed claim of all processes on a chain out until the transaction ends. */
export async function lockRelay(tx: Tx, chainId: number): Promise<void> {
  await tx`select pg_advisory_xact_lock(${RELAY_LOCK}::int, ${chainId}::int)`;
}

/** What was sent for an account that had been paid so much; null if nothing was. */
export async function findRelayed(tx: Tx, { chainId, accountId, alreadyPaidMicro }: Key): Promise<RelayedClaim | null> {
  const [row] = await tx<RelayedClaim[]>`
    select already_paid_micro as "alreadyPaidMicro", amount_micro as "amountMicro", fee_micro as "feeMicro", raw_tx as "rawTx", tx_hash as "txHash", sent_at as "sentAt" from relayed_claims
    where chain_id = ${chainId} and account_id = ${uuidOf(accountId)} and already_paid_micro = ${String(alreadyPaidMicro)}::bigint`;
  return row ?? null;
}

/** Notes what is sent, instead of what was sent before and came to nothing. */
export async function saveRelayed(tx: Tx, { chainId, accountId }: Omit<Key, "alreadyPaidMicro">, claim: RelayedClaim): Promise<void> {
  await tx`
    insert into relayed_claims (chain_id, account_id, already_paid_micro, amount_micro, fee_micro, raw_tx, tx_hash, sent_at)
    values (${chainId}, ${uuidOf(accountId)}, ${String(claim.alreadyPaidMicro)}::bigint, ${String(claim.amountMicro)}::bigint, ${String(claim.feeMicro)}::bigint, ${claim.rawTx}, ${claim.txHash},
      ${claim.sentAt})
    on conflict (chain_id, account_id, already_paid_micro) do update set
      amount_micro = excluded.amount_micro, fee_micro = excluded.fee_micro, raw_tx = excluded.raw_tx, tx_hash = excluded.tx_hash, sent_at = excluded.sent_at`;
}
