import "server-only";
import { type AccountId, type DeviceId, uuidOf } from "#lib/domain/ids.ts";
import type { LegalTextName } from "#lib/protocol/legal/legal.ts";
import type { Reader, Tx } from "../db/client.ts";
import type { AgreedText } from "./check-versions.ts";

/** Notes to what an account or a device agreed. What it agreed to before keeps its first moment. */
export async function insertConsents(tx: Tx, consent: { who: AccountId | DeviceId; texts: readonly AgreedText[]; at: Date }): Promise<void> {
  const { who, texts, at } = consent;
  for (const { document, version } of texts)
    await tx`insert into consents (who, document, version, at) values (${uuidOf(who)}, ${document}, ${version}, ${at}) on conflict do nothing`;
}

/** To what the account and the devices that are linked to it agreed, oldest first. `deviceId` is null for the account itself. */
export async function listConsents(reader: Reader, accountId: AccountId) {
  return await reader<{ deviceId: string | null; document: LegalTextName; version: string; at: Date }[]>`
    select d.id as "deviceId", c.document, c.version, c.at from consents c left join devices d on d.id = c.who
    where c.who = ${uuidOf(accountId)} or d.account_id = ${uuidOf(accountId)} order by c.at, c.document, c.who`;
}

/** Forgets to what an account agreed. */
export async function deleteConsents(tx: Tx, accountId: AccountId): Promise<void> {
  await tx`delete from consents where who = ${uuidOf(accountId)}`;
}
