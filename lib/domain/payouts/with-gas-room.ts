const ROOM_PERCENT = 120n;

/** How much gas a transaction may use: a fifth more than a node estimates, because what is mined before it can make it dearer. */
export function withGasRoom(gas: bigint): bigint {
  return (gas * ROOM_PERCENT) / 100n;
}
