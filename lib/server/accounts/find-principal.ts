import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { readDeviceToken } from "../devices/device-token.ts";
import { isRevoked } from "../devices/revocations.ts";
import type { AccountPrincipal, DevicePrincipal, Principal } from "../principal.ts";
import { findAccount } from "./account-store.ts";
import { hashSecret, KEY_PREFIX } from "./keys/key-secret.ts";
import { findKeyHolder, type KeyHolder, touchKey } from "./keys/key-store.ts";
import { readSession } from "./session-cookie.ts";

const LAST_USE_EVERY_MS = 60_000;

/**
 * On whose behalf a request comes. An `authorization` header goes first; one that does not hold is `unauthenticated`, or `device_revoked`, never silently
 * anonymous. The session cookie is different: browsers send it unasked, so one that has run out counts as none, and its owner can still fetch what is
 * public and sign in again. Roles are those of this moment.
 */
export async function findPrincipal(services: Services, request: Pick<Request, "headers">): Promise<Principal> {
  const authorization = request.headers.get("authorization");
  if (authorization === null) return (await findSessionAccount(services, request.headers.get("cookie"))) ?? { kind: "anonymous" };
  const credential = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (credential === undefined) throw new ApiError("unauthenticated");
  return credential.startsWith(KEY_PREFIX) ? await getKeyAccount(services, credential) : await getTokenDevice(services, credential);
}

async function findSessionAccount(services: Services, cookieHeader: string | null): Promise<AccountPrincipal | null> {
  const session = await readSession(services.config, cookieHeader, services.clock.now());
  const account = session && (await findAccount(services.db, session.accountId));
  if (!account || session.issuedAt < account.sessionsValidFrom) return null;
  return { kind: "account", accountId: account.id, address: account.address, roles: account.roles, scopes: null, signedInAt: session.issuedAt };
}

async function getKeyAccount(services: Services, secret: string): Promise<AccountPrincipal> {
  const now = services.clock.now();
  const holder = await findKeyHolder(services.db, hashSecret(secret), now);
  if (!holder) throw new ApiError("unauthenticated");
  await noteUse(services, holder, now);
  const { accountId, address, roles, scopes, keyId, jobId } = holder;
  return { kind: "account", accountId, address, roles, scopes, key: { id: keyId, jobId } };
}

/** A key in steady use is written once a minute, not once a request. */
async function noteUse({ db }: Services, holder: KeyHolder, now: Date): Promise<void> {
  if (holder.lastUsedAt && now.getTime() - holder.lastUsedAt.getTime() < LAST_USE_EVERY_MS) return;
  await transaction(db, (tx) => touchKey(tx, holder.keyId, now), "relaxed");
}

async function getTokenDevice(services: Services, token: string): Promise<DevicePrincipal> {
  const claims = await readDeviceToken(services, token);
  if (!claims) throw new ApiError("unauthenticated");
  const { deviceId, voterId, trusted, checksFor } = claims;
  if (await isRevoked(services, deviceId)) throw new ApiError("device_revoked");
  return { kind: "device", deviceId, voterId, trusted, checksFor };
}
