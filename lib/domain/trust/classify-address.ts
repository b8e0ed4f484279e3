import type { DeviceSignals } from "./cluster.ts";

export type AddressKind = DeviceSignals["address"]["kind"];
/** What an address says about a device: `prefix` is its /24 or /48, `widePrefix` its /16 or /32. */
export type AddressClass = { kind: AddressKind; prefix: string; widePrefix: string };

const PRIVATE_V4 = [/^10\./, /^192\.168\./, /^172\.(1[6-9]|2\d|3[01])\./, /^169\.254\./, /^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./];
const PRIVATE_V6 = /^(f[cd]|fe[89ab])/;

/** The network that an IPv4 or IPv6 address belongs to; null for what is no address. IPv4 inside IPv6 counts as IPv4. */
export function classifyAddress(address: string): AddressClass | null {
  const plain = address
    .toLowerCase()
    .replace(/^::ffff:(?=\d+\.)/, "")
    .replace(/%.*$/, "");
  const v4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(plain);
  if (v4) {
    const kind = plain.startsWith("127.") ? "loopback" : PRIVATE_V4.some((range) => range.test(plain)) ? "private" : "public";
    return { kind, prefix: `${v4[1]}.${v4[2]}.${v4[3]}`, widePrefix: `${v4[1]}.${v4[2]}` };
  }
  const groups = expandV6(plain);
  if (!groups) return null;
  const kind = plain === "::1" ? "loopback" : PRIVATE_V6.test(plain) ? "private" : "public";
  return { kind, prefix: groups.slice(0, 3).join(":"), widePrefix: groups.slice(0, 2).join(":") };
}

function expandV6(address: string): string[] | null {
  if (!/^[0-9a-f:]+$/.test(address) || !address.includes(":")) return null;
  const [head = "", tail, more] = address.split("::");
  if (more !== undefined) return null;
  const parts = (text: string) => (text === "" ? [] : text.split(":"));
  const [left, right] = [parts(head), tail === undefined ? [] : parts(tail)];
  const missing = 8 - left.length - right.length;
  if (missing < 0 || (tail === undefined && missing !== 0)) return null;
  return [...left, ...new Array<string>(missing).fill("0"), ...right].map((group) => group.replace(/^0+(?=.)/, ""));
}
