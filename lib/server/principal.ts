import "server-only";
import type { AccountId, DeviceId, JobId, KeyId } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";

export type AccountPrincipal = {
  kind: "account";
  accountId: AccountId;
  /** Of the account's wallet; null where only passkeys open it. */
  address: string | null;
  roles: string[];
  /** Scopes of the API key; null for a session, which may do everything its account may. */
  scopes: readonly KeyScope[] | null;
  /** When the session began; absent for an API key. */
  signedInAt?: Date;
  /** The API key itself; absent for a session. */
  key?: { id: KeyId; jobId: JobId | null };
};

const FRESH_SESSION_MS = 15 * 60_000;

export type DevicePrincipal = {
  kind: "device";
  deviceId: DeviceId;
  /** UUID that counts as one voter: the device's account, or the device itself. */
  voterId: string;
  trusted: boolean;
  /** The account whose jobs it checks, computing for nobody; absent for all others. */
  checksFor?: AccountId | undefined;
};

export type Anonymous = { kind: "anonymous" };
export type Principal = AccountPrincipal | DevicePrincipal | Anonymous;

/** The account behind a request with this scope, or the error that says what is missing. */
export function requireAccount(principal: Principal, scope?: KeyScope): AccountPrincipal {
  if (principal.kind !== "account") throw new ApiError("unauthenticated");
  if (scope && principal.scopes && !principal.scopes.includes(scope)) throw new ApiError("key_scope", { scope });
  return principal;
}

/** An account that holds the operator's role. */
export function requireOperator(principal: Principal, scope?: KeyScope): AccountPrincipal {
  const account = requireAccount(principal, scope);
  if (!account.roles.includes("operator")) throw new ApiError("forbidden", { need: "the operator's role" });
  return account;
}

/** A person's own session, not a key: for what a leaked key must not be able to do. */
export function requireSession(principal: Principal): AccountPrincipal {
  const account = requireAccount(principal);
  if (account.scopes) throw new ApiError("forbidden", { need: "your own session, not an API key" });
  return account;
}

/** A session that began a moment ago: for what changes who can get into the account. */
export function requireFreshSession(principal: Principal, now: Date): AccountPrincipal {
  const account = requireSession(principal);
  const ageMs = now.getTime() - (account.signedInAt?.getTime() ?? 0);
  if (ageMs > FRESH_SESSION_MS) throw new ApiError("session_old", { minutes: FRESH_SESSION_MS / 60_000 });
  return account;
}

/** The account's wallet, for what only a wallet can do. */
export function requireWallet({ address }: AccountPrincipal): string {
  if (address === null) throw new ApiError("wallet_needed");
  return address;
}

/** The device behind a request. */
export function requireDevice(principal: Principal): DevicePrincipal {
  if (principal.kind !== "device") throw new ApiError("unauthenticated");
  return principal;
}
