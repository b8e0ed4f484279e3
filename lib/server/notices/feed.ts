import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { completeSettings, NOTICE_LIMITS } from "#lib/domain/notice/notice.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import type {
  countUnread as countEndpoint,
  getNoticeSettings as getSettingsEndpoint,
  listNotices as listEndpoint,
  readNotices as readEndpoint,
  setNoticeSetting as setSettingEndpoint,
} from "#lib/protocol/notices/notices.ts";
import type { Context } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { requireSession } from "../principal.ts";
import { countUnreadNotices, findSettings, listNoticeRows, markRead, upsertSetting } from "./notice-store.ts";
import { viewNotice } from "./view-notice.ts";

/** What the account was told, the newest first, a page at a time. */
export async function listNotices(ctx: Context, { before, limit }: InputOf<typeof listEndpoint>): Promise<OutputOf<typeof listEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  const rows = await listNoticeRows(ctx.db, accountId, { before: before ?? null, limit: limit + 1, since: since(ctx) });
  const page = rows.slice(0, limit);
  return { notices: page.map(viewNotice), next: rows.length > limit ? (page.at(-1)?.no ?? null) : null };
}

/** How much of it the account has not read. */
export async function countUnread(ctx: Context, _input: InputOf<typeof countEndpoint>): Promise<OutputOf<typeof countEndpoint>> {
  return await count(ctx, requireSession(ctx.principal).accountId);
}

/** Marks the named ones, or all up to one, as read; others' stay as they are. */
export async function readNotices(ctx: Context, { nos, upTo }: InputOf<typeof readEndpoint>): Promise<OutputOf<typeof readEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await transaction(ctx.db, (tx) => markRead(tx, accountId, { nos: nos ?? null, upTo: upTo ?? null, at: ctx.clock.now() }));
  return await count(ctx, accountId);
}

/** By which ways the account is told of what. */
export async function getNoticeSettings(ctx: Context, _input: InputOf<typeof getSettingsEndpoint>): Promise<OutputOf<typeof getSettingsEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  return { settings: completeSettings(await findSettings(ctx.db, accountId)) };
}

/** Changes that for one topic; what was told before stays. */
export async function setNoticeSetting(ctx: Context, input: InputOf<typeof setSettingEndpoint>): Promise<OutputOf<typeof setSettingEndpoint>> {
  const { accountId } = requireSession(ctx.principal);
  await transaction(ctx.db, (tx) => upsertSetting(tx, accountId, input));
  return { settings: completeSettings(await findSettings(ctx.db, accountId)) };
}

async function count(ctx: Context, accountId: AccountId): Promise<OutputOf<typeof countEndpoint>> {
  return await countUnreadNotices(ctx.db, accountId, since(ctx));
}

const since = ({ clock }: Context) => new Date(clock.now().getTime() - NOTICE_LIMITS.keptMs);
