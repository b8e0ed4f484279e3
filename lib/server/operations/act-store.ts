import "server-only";
import { type AccountId, uuidOf } from "#lib/domain/ids.ts";
import type { OperatorAct } from "#lib/domain/operations/operator-act.ts";
import { accountName } from "../accounts/account-store.ts";
import type { Reader, Tx } from "../db/client.ts";

/** Notes what an operator does, in the transaction that does it. */
export async function insertAct(tx: Tx, done: { act: OperatorAct; by: AccountId; at: Date; subject?: string; reason?: string }): Promise<void> {
  await tx`insert into operator_acts (at, by, act, subject, reason) values (${done.at}, ${uuidOf(done.by)}, ${done.act}, ${done.subject ?? ""}, ${done.reason ?? ""})`;
}

type ActRow = { no: number; at: Date; by: string; act: OperatorAct; subject: string; reason: string };

/** Acts before a number, the newest first, with the address of who did each. */
export async function listActsBefore(reader: Reader, page: { before: number; limit: number }): Promise<ActRow[]> {
  return await reader<ActRow[]>`
    select o.no::float8 as no, o.at, coalesce(${accountName(reader)}, '') as by, o.act, o.subject, o.reason
    from operator_acts o left join accounts a on a.id = o.by where o.no < ${page.before} order by o.no desc limit ${page.limit}`;
}
