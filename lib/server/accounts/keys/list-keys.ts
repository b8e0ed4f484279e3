import "server-only";
import type { KeyView, listKeys as listKeysEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type { Context } from "../../context.ts";
import { requireSession } from "../../principal.ts";
import { type ApiKey, listKeyRows } from "./key-store.ts";

type Endpoint = typeof listKeysEndpoint;

/** The account's keys that are not revoked, newest first, without their secrets. */
export async function listKeys(ctx: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const keys = await listKeyRows(ctx.db, accountId, ctx.clock.now());
  return { keys: keys.map(toKeyView) };
}

/** A key as it travels. */
export function toKeyView(key: ApiKey): KeyView {
  const { id, name, hint, scopes, createdAt, expiresAt, lastUsedAt } = key;
  return {
    id,
    name,
    hint,
    scopes,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt?.toISOString() ?? null,
    lastUsedAt: lastUsedAt?.toISOString() ?? null,
    spend: {
      dayLimitMicro: microText(key.spendDayMicro),
      totalLimitMicro: microText(key.spendTotalMicro),
      dayMicro: String(key.spent.dayMicro),
      totalMicro: String(key.spent.totalMicro),
    },
    jobId: key.jobId,
  };
}

function microText(micro: bigint | null): string | null {
  return micro === null ? null : String(micro);
}
