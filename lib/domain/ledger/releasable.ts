import { least, type Micro } from "./money.ts";

/**
 * What an owner can withdraw at once of what is available: not what the instance gave, which is spent first, and never more than the contract holds of the owner's own.
 */
export function releasable(money: { availableMicro: Micro; grantedMicro: Micro; onChainMicro: Micro }): Micro {
  const most = least(money.availableMicro - money.grantedMicro, money.onChainMicro);
  return most > 0n ? most : 0n;
}
