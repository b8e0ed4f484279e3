import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { poolOf, type Visibility } from "#lib/domain/pool/pool.ts";
import type { Reader } from "../../db/client.ts";
import { requireMember } from "../../pools/require-role.ts";

/** Throws `not_found` unless the account may submit jobs with this visibility: public ones, and those of pools that it is a member of. */
export async function checkVisibility(reader: Reader, accountId: AccountId, visibility: Visibility | undefined): Promise<void> {
  const pool = poolOf(visibility);
  if (pool) await requireMember(reader, pool, accountId);
}
