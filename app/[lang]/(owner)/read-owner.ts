import "server-only";
import { headers } from "next/headers";
import { cache } from "react";
import type { AccountView } from "#lib/protocol/accounts/accounts.ts";
import { findPrincipal } from "#lib/server/accounts/find-principal.ts";
import { getMe } from "#lib/server/accounts/get-me.ts";
import type { Context } from "#lib/server/context.ts";
import { getServices } from "#lib/server/services.ts";

export type Owner = { ctx: Context; account: AccountView | null };

/** On whose behalf a page is read; once per request. `account` is null when nobody is signed in. */
export const readOwner = cache(async (): Promise<Owner> => {
  // First, because it tells Next that the page is not one for the build to make.
  const requestHeaders = await headers();
  const services = await getServices();
  const principal = await findPrincipal(services, { headers: requestHeaders });
  const ctx = { ...services, principal };
  return { ctx, account: principal.kind === "account" ? await getMe(ctx, {}) : null };
});
