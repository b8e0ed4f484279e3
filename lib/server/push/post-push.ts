import "server-only";
import { type LookupOptions, lookup } from "node:dns";
import { Agent, request } from "node:https";
import { BlockList } from "node:net";
import webpush from "web-push";
import type { PushConfig } from "../config/push-config.ts";
import type { PushKeys } from "./push-keys.ts";
import type { BrowserKeys } from "./push-store.ts";

/** Services keep a message for a browser that is away for a day: after that the feed tells as well. */
const TTL_S = 86_400;
const ANSWER_MS_MAX = 8000;

/** What a service answered: null where it did not, and how long it wants to be left alone, in milliseconds. */
export type PushAnswer = { status: number | null; askedMs: number };

/** Each message has a connection of its own that follows nothing: no redirect, no proxy of the environment, no name that leads into the operator's network. */
const agent = new Agent({ keepAlive: false });

/**
 * Sends a message to a browser by its push service, encrypted so that the service cannot read it (RFC 8291) and signed by the instance (RFC 8292). The caller has
 * made sure that the endpoint is of a service that the operator named. `topic` lets the service replace an older copy of the same message. Never throws for what
 * a service does; throws for keys that nothing can be encrypted with.
 */
export async function postPush(
  browser: BrowserKeys,
  { message, topic }: { message: string; topic: string },
  instance: { keys: PushKeys; push: PushConfig },
): Promise<PushAnswer> {
  const { endpoint, p256dh, auth } = browser;
  const { method, headers, body } = webpush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, message, {
    vapidDetails: { subject: instance.push.contact, ...instance.keys },
    TTL: TTL_S,
    topic,
    contentEncoding: "aes128gcm",
  });
  return await new Promise((resolve) => {
    const fail = () => resolve({ status: null, askedMs: 0 });
    const sent = request(endpoint, { method, headers, agent, lookup: lookupPublic, signal: AbortSignal.timeout(ANSWER_MS_MAX) }, (response) => {
      resolve({ status: response.statusCode ?? null, askedMs: readRetryAfter(response.headers["retry-after"]) });
      // What it has to say beyond that is not read.
      response.destroy();
    });
    sent.on("error", fail);
    sent.on("close", fail);
    sent.end(body);
  });
}

/** Seconds of a Retry-After header as milliseconds; 0 where there is none or it names a date. */
function readRetryAfter(header: string | undefined): number {
  return header !== undefined && /^\d{1,9}$/.test(header) ? Number(header) * 1000 : 0;
}

/** Addresses that are not in the public network (IANA's special-purpose registries). Of IPv6 only 2000::/3 is, less these. */
const NOT_PUBLIC = new BlockList();
for (const [net, bits] of [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 3],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, "ipv4");
for (const [net, bits] of [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const)
  NOT_PUBLIC.addSubnet(net, bits, "ipv6");
const GLOBAL_IPV6 = new BlockList();
GLOBAL_IPV6.addSubnet("2000::", 3, "ipv6");

/** Whether an address, as a resolver writes it, is one of the public network. */
export function isPublicAddress(address: string, family: 4 | 6): boolean {
  const type = family === 4 ? "ipv4" : "ipv6";
  return (family === 4 || GLOBAL_IPV6.check(address, type)) && !NOT_PUBLIC.check(address, type);
}

type Found = { address: string; family: number }[];
type Callback = (error: NodeJS.ErrnoException | null, address: string | Found, family?: number) => void;

/** Resolves a name for the connection that is being made, so that what is looked at is what is called: a name with an address inside a network is refused as a whole. */
function lookupPublic(hostname: string, options: LookupOptions, callback: Callback): void {
  lookup(hostname, { ...options, all: true }, (error, found) => {
    if (error) return callback(error, "", 0);
    const [first] = found;
    if (!first || found.some(({ address, family }) => !isPublicAddress(address, family === 6 ? 6 : 4)))
      return callback(new Error("the push service's name does not lead to the public network"), "", 0);
    if (options.all) callback(null, found);
    else callback(null, first.address, first.family);
  });
}
