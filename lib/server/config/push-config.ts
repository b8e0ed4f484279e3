import "server-only";
import { z } from "zod";
import { splitList } from "./split-list.ts";

/** The push services of today's browsers: Chrome and Edge on phones, Firefox, Safari, Edge on Windows. */
const KNOWN_SERVICES = "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com";
const HOST = /^(\*\.)?[a-z0-9-]+(\.[a-z0-9-]+)*(:[0-9]{1,5})?$/;

/** Settings of messages to browsers. */
export const pushEnvironment = {
  /** Whom the server calls to push: hosts, separated by commas; empty for nobody. */
  PUSH_HOSTS: z
    .string()
    .default(KNOWN_SERVICES)
    .transform((text) => splitList(text.toLowerCase()))
    .pipe(z.array(z.string().regex(HOST, { error: "must list hosts such as fcm.googleapis.com or *.push.apple.com, separated by commas" }))),
  /** Where push services reach the operator. */
  PUSH_CONTACT: z
    .string()
    .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, { error: "must be mailto: and an address, or an https:// URL" })
    .optional(),
};

export type PushConfig = {
  hosts: readonly string[];
  /** The `sub` of RFC 8292. */
  contact: string;
};

type PushEnvironment = z.output<z.ZodObject<typeof pushEnvironment>>;

/** How messages are pushed, or null where they are not: without a service, or without a contact, which services ask for. */
export function readPush(e: PushEnvironment & { PUBLIC_URL: string }): PushConfig | null {
  const contact = e.PUSH_CONTACT ?? (e.PUBLIC_URL.startsWith("https:") ? e.PUBLIC_URL : null);
  return contact === null || e.PUSH_HOSTS.length === 0 ? null : { hosts: e.PUSH_HOSTS, contact };
}
