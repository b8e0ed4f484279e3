import { reservedMicro } from "#lib/domain/trust/reserve.ts";
import type { Figures } from "./figures.ts";
import type { Kind } from "./world.ts";

const PAYMENT_MICRO = 1_000_000n;
/** What a made-up answer costs its maker, in shards. */
const CHEAT_EFFORT = 0.02;

type Account = { payments: number; agreed: number; kind: Kind };

export type Payroll = {
  vest(result: { owner: number; kind: Kind; isWrong: boolean; isPaid: boolean; agreed: number }): void;
  forfeit(owner: number): void;
  /** Puts pay and effort into figures, in payments of one shard. */
  into(figures: Figures): Figures;
};

/** Payments of devices, in shards: they vest when a window closes, and a device that is found out loses what is locked. */
export function createPayroll(): Payroll {
  const accounts = new Map<number, Account>();
  let attackerPay = 0;
  let attackerEffort = 0;
  let honestEarned = 0;
  return {
    vest: ({ owner, kind, isWrong, isPaid, agreed }) => {
      if (kind === "attacker") attackerEffort += isWrong ? CHEAT_EFFORT : 1;
      else if (kind === "honest") honestEarned += 1;
      if (!isPaid) return;
      const account = accounts.get(owner) ?? { payments: 0, agreed, kind };
      account.payments += 1;
      account.agreed = agreed;
      accounts.set(owner, account);
    },
    forfeit: (owner) => {
      const account = accounts.get(owner);
      if (account) account.payments -= Math.min(account.payments, locked(account));
    },
    into: (figures) => {
      let honestPaid = 0;
      for (const account of accounts.values()) {
        const isStuck = account.payments <= 5 && account.agreed < 2 && locked(account) >= account.payments;
        const paid = isStuck ? 0 : account.payments;
        if (account.kind === "attacker") attackerPay += paid;
        else if (account.kind === "honest") honestPaid += paid;
      }
      return { ...figures, attackerPay, attackerEffort, honestPaid, honestEarned };
    },
  };
}

function locked(account: Account): number {
  const earned = { vestedMicro: BigInt(account.payments) * PAYMENT_MICRO, payments: account.payments, agreed: account.agreed };
  return Number(reservedMicro(earned) / PAYMENT_MICRO);
}
