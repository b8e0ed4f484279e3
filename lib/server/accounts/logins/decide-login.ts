import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { decideLogin as decideLoginEndpoint, getLogin as getLoginEndpoint } from "#lib/protocol/logins/logins.ts";
import type { Context } from "../../context.ts";
import { transaction } from "../../db/transaction.ts";
import { requireSession } from "../../principal.ts";
import { hashSecret } from "../keys/key-secret.ts";
import { countMiss, countMisses, findOpenLogin, markDecided } from "./login-store.ts";

/** An account that typed so many wrong codes waits: with 34 bits of code nobody finds one by trying. */
const MISSES_MAX = 10;
const MISSES_WINDOW_MS = 10 * 60_000;

/** What the terminal with this code asks for. Throws `login_unknown`, and `rate_limited` after ten of them in ten minutes. Only for a session. */
export async function getLogin(ctx: Context, { code }: InputOf<typeof getLoginEndpoint>): Promise<OutputOf<typeof getLoginEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await refuseGuessing(ctx, accountId);
  const login = await findOpenLogin(ctx.db, hashSecret(code), ctx.clock.now());
  if (!login) return await refuseMiss(ctx, accountId);
  const { client, scopes, expiresInDays, createdAt } = login;
  return { client, origin: ctx.config.origin, scopes, expiresInDays, createdAt: createdAt.toISOString() };
}

/** Allows or denies it, once; whoever allows gives a key of this account to the terminal. Only for a session: a key cannot make others. */
export async function decideLogin(ctx: Context, input: InputOf<typeof decideLoginEndpoint>): Promise<OutputOf<typeof decideLoginEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await refuseGuessing(ctx, accountId);
  const { code, decision, spendDayMicro = null } = input;
  const decided = { codeHash: hashSecret(code), decision, accountId, spendDayMicro, now: ctx.clock.now() };
  if (!(await transaction(ctx.db, (tx) => markDecided(tx, decided)))) return await refuseMiss(ctx, accountId);
  return { decision };
}

async function refuseGuessing(ctx: Context, accountId: AccountId): Promise<void> {
  if ((await countMisses(ctx.db, accountId, windowStart(ctx))) >= MISSES_MAX) throw new ApiError("rate_limited", { seconds: MISSES_WINDOW_MS / 1000 });
}

async function refuseMiss(ctx: Context, accountId: AccountId): Promise<never> {
  await transaction(ctx.db, (tx) => countMiss(tx, accountId, { now: ctx.clock.now(), from: windowStart(ctx) }));
  throw new ApiError("login_unknown");
}

function windowStart({ clock }: Context): Date {
  return new Date(clock.now().getTime() - MISSES_WINDOW_MS);
}
