/** What an account has earned in all, in units of the token. Lower-case address. */
export interface Earning {
  account: `0x${string}`;
  cumulative: bigint;
}

/** A packed earning: 20 bytes of the address, 12 of the amount, most significant first. */
export const EARNING_BYTES = 32;
const ACCOUNT_BYTES = 20;
const CUMULATIVE_BITS = 96n;
const ADDRESS = /^0x[0-9a-f]{40}$/;

/** Packs earnings into one array in their order, 32 bytes each. Throws on an address that is not one in lower case or an amount that has no 96 bits. */
export function packEarnings(earnings: readonly Earning[]): Uint8Array {
  const packed = new Uint8Array(earnings.length * EARNING_BYTES);
  const view = new DataView(packed.buffer);
  for (const [index, { account, cumulative }] of earnings.entries()) {
    if (!ADDRESS.test(account)) throw new RangeError(`${account} is not an address in lower case.`);
    if (cumulative < 0n || cumulative >> CUMULATIVE_BITS !== 0n) throw new RangeError(`${cumulative} is not an amount of 96 bits.`);
    const start = index * EARNING_BYTES;
    for (let byte = 0; byte < ACCOUNT_BYTES; byte += 1) packed[start + byte] = Number.parseInt(account.slice(2 + 2 * byte, 4 + 2 * byte), 16);
    view.setUint32(start + 20, Number(cumulative >> 64n));
    view.setBigUint64(start + 24, BigInt.asUintN(64, cumulative));
  }
  return packed;
}

/** How many earnings the packed bytes hold. Throws if they end within one. */
export function countEarnings(packed: Uint8Array): number {
  if (packed.length % EARNING_BYTES !== 0) throw new RangeError(`${packed.length} bytes are no whole number of earnings of ${EARNING_BYTES}.`);
  return packed.length / EARNING_BYTES;
}

/** One earning of the packed bytes. */
export function earningAt(packed: Uint8Array, index: number): Earning {
  if (!Number.isInteger(index) || index < 0 || index >= countEarnings(packed)) throw new RangeError(`There is no earning ${index}.`);
  const hex = toHex(packed.subarray(index * EARNING_BYTES, (index + 1) * EARNING_BYTES)).slice(2);
  return { account: `0x${hex.slice(0, 2 * ACCOUNT_BYTES)}`, cumulative: BigInt(`0x${hex.slice(2 * ACCOUNT_BYTES)}`) };
}

/** The bytes as lower-case hexadecimal digits after 0x. */
export function toHex(bytes: Uint8Array): `0x${string}` {
  let text = "";
  for (const byte of bytes) text += byte.toString(16).padStart(2, "0");
  return `0x${text}`;
}
