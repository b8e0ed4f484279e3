import "server-only";
import { sealData, unsealData } from "iron-session";
import { z } from "zod";
import type { AccountId } from "#lib/domain/ids.ts";
import { idField } from "#lib/protocol/fields.ts";
import type { Config } from "../config/config.ts";
import { deriveSecret } from "../secrets.ts";

const COOKIE_NAME = "shoal_session";
const SESSION_TTL_S = 14 * 24 * 3600;

export type Session = { accountId: AccountId; issuedAt: Date };

const payload = z.strictObject({ accountId: idField("acc"), issuedAtMs: z.int().min(0) });

/** The `set-cookie` header that starts a session of 14 days. */
export async function sessionCookie(config: Config, session: Session): Promise<string> {
  const data: z.input<typeof payload> = { accountId: session.accountId, issuedAtMs: session.issuedAt.getTime() };
  return cookie(config, await sealData(data, sealOptions(config)), SESSION_TTL_S);
}

/** The `set-cookie` header that ends the session of this browser. */
export function noSessionCookie(config: Config): string {
  return cookie(config, "", 0);
}

/** The session that a `cookie` header carries; null if it carries none, one that was not sealed here, or one that is older than 14 days. */
export async function readSession(config: Config, cookieHeader: string | null, now: Date): Promise<Session | null> {
  const seal = findCookie(cookieHeader ?? "");
  if (seal === null) return null;
  const parsed = payload.safeParse(await unseal(config, seal));
  if (!parsed.success) return null;
  const { accountId, issuedAtMs } = parsed.data;
  return now.getTime() < issuedAtMs + SESSION_TTL_S * 1000 ? { accountId, issuedAt: new Date(issuedAtMs) } : null;
}

async function unseal(config: Config, seal: string): Promise<unknown> {
  try {
    return await unsealData(seal, sealOptions(config));
  } catch {
    // Text that is no seal at all; what was sealed elsewhere comes back as an empty object.
    return null;
  }
}

/** The age of a session is judged by our own clock, so the seal itself does not expire. */
function sealOptions(config: Config): { password: string; ttl: number } {
  return { password: deriveSecret(config.sessionSecret, "session").toString("hex"), ttl: 0 };
}

function cookie(config: Config, value: string, maxAgeS: number): string {
  const secure = config.origin.startsWith("https:") ? "; Secure" : "";
  return `${COOKIE_NAME}=${value}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${maxAgeS}${secure}`;
}

function findCookie(header: string): string | null {
  const prefix = `${COOKIE_NAME}=`;
  const pair = header
    .split(";")
    .map((part) => part.trim())
    .find((part) => part.startsWith(prefix));
  return pair === undefined ? null : pair.slice(prefix.length);
}
