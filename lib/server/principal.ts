import "server-only";
import type { AccountId, DeviceId, JobId, KeyId } from "#lib/domain/ids.ts";
import type { KeyScope } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";

export type AccountPrincipal = {
  kind: "account";
  accountId: AccountId;
  address: string;
  roles: string[];
  /** Scopes of the API key; null for a session, which may do everything its account may. */
  scopes: readonly KeyScope[] | null;
  /** The API key itself; absent for a session. */
  key?: { id: KeyId; jobId: JobId | null };
};

export type DevicePrincipal = {
  kind: "device";
  deviceId: DeviceId;
  /** UUID that counts as one voter: the device's account, or the device itself. */
  voterId: string;
  trusted: boolean;
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
  if (account.scopes) throw new ApiError("forbidden", { need: "a wallet's session, not an API key" });
  return account;
}

/** The device behind a request. */
export function requireDevice(principal: Principal): DevicePrincipal {
  if (principal.kind !== "device") throw new ApiError("unauthenticated");
  return principal;
}
