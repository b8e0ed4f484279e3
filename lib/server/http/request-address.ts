import "server-only";
import type { IncomingMessage } from "node:http";

/** Set by `stampAddress()` on every request that arrives; what a client sends under this name is overwritten. */
const ADDRESS_HEADER = "x-shoal-peer";

/** Notes at a request which address the connection comes from. A `Request` of the web has no connection to ask. */
export function stampAddress(request: Pick<IncomingMessage, "headers" | "socket">): void {
  request.headers[ADDRESS_HEADER] = plain(request.socket.remoteAddress ?? "");
}

/**
 * The address a request comes from, or null where nobody noted one. Behind `proxyHops` proxies of the operator it is the entry of `x-forwarded-for` that the
 * outermost of them wrote: what stands before it was written by the client. With 0 the header counts for nothing.
 */
export function readAddress(headers: Headers, proxyHops: number): string | null {
  const peer = headers.get(ADDRESS_HEADER);
  if (proxyHops === 0) return peer || null;
  const forwarded = (headers.get("x-forwarded-for") ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
  return plain(forwarded.at(-proxyHops) ?? "") || peer || null;
}

/** Whether only this machine itself can be at that address. */
export function isLoopback(address: string): boolean {
  return address === "::1" || address.startsWith("127.");
}

/** An IPv4 address that came in through an IPv6 socket is the same address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, "");
}

/** One household, school or server has a whole /64 of IPv6, so that is what counts as one sender. */
export function senderOf(address: string): string {
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const groups = head.split(":").filter(Boolean);
  const rest = (tail ?? "").split(":").filter(Boolean);
  const filled = tail === undefined ? groups : [...groups, ...Array.from({ length: Math.max(0, 8 - groups.length - rest.length) }, () => "0"), ...rest];
  return `${filled
    .slice(0, 4)
    .map((group) => group.replace(/^0+(?=.)/, "").toLowerCase())
    .join(":")}::/64`;
}
