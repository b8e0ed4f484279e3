import "server-only";
import { idOf } from "#lib/domain/ids.ts";
import { completeSettings, NOTICE_LIMITS } from "#lib/domain/notice/notice.ts";
import type { exportMe as exportMeEndpoint } from "#lib/protocol/accounts/accounts.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { listOpenUploads } from "../../artifacts/uploads/upload-store.ts";
import { listConsents } from "../../consent/consent-store.ts";
import type { Context } from "../../context.ts";
import { findSettings, listNoticeRows } from "../../notices/notice-store.ts";
import { viewNotice } from "../../notices/view-notice.ts";
import { listReportsOf } from "../../policy/report-store.ts";
import { listPoolsOfAccount } from "../../pools/pool-store.ts";
import { requireSession } from "../../principal.ts";
import { listSubscriptions } from "../../push/push-store.ts";
import { viewBrowser } from "../../push/subscriptions.ts";
import { listPasskeyRows } from "../passkeys/passkey-store.ts";
import { viewPasskey } from "../passkeys/view-passkey.ts";
import { getStoredAccount, listLinkedDevices, listPostings, listStoredJobs, listStoredKeys, listUploads } from "./account-data-store.ts";

type Endpoint = typeof exportMeEndpoint;

/** Everything that is stored about the account of this session, without secrets and hashes. Results are downloaded job by job. */
export async function exportMe({ db, principal }: Context, _input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireSession(principal);
  const account = await getStoredAccount(db, accountId);
  const [keys, devices, uploads, unfinished, jobs, consents, postings, pools, reports, passkeys, notices, noticeSettings, browsers] = await Promise.all([
    listStoredKeys(db, accountId),
    listLinkedDevices(db, accountId),
    listUploads(db, accountId),
    listOpenUploads(db, accountId),
    listStoredJobs(db, accountId),
    listConsents(db, accountId),
    listPostings(db, accountId),
    listPoolsOfAccount(db, accountId),
    listReportsOf(db, accountId),
    listPasskeyRows(db, accountId),
    listNoticeRows(db, accountId, { before: null, limit: NOTICE_LIMITS.ownMax + NOTICE_LIMITS.sharedMax, since: new Date(0) }),
    findSettings(db, accountId),
    listSubscriptions(db, accountId),
  ]);
  const written = <T extends { createdAt: Date }>({ createdAt, ...row }: T) => ({ ...row, createdAt: createdAt.toISOString() });
  const moment = (at: Date | null) => at?.toISOString() ?? null;
  return {
    account: { id: accountId, ...written(account) },
    keys: keys.map((key) => ({
      ...written(key),
      id: idOf("key", key.id),
      jobId: key.jobId === null ? null : idOf("job", key.jobId),
      expiresAt: moment(key.expiresAt),
      lastUsedAt: moment(key.lastUsedAt),
      revokedAt: moment(key.revokedAt),
    })),
    devices: devices.map((device) => ({ ...written(device), id: idOf("dev", device.id), lastSeenAt: device.lastSeenAt.toISOString() })),
    uploads: uploads.map(written),
    unfinishedUploads: unfinished.map(written),
    jobs: jobs.map((job) => ({ ...written(job), id: idOf("job", job.id), endedAt: moment(job.endedAt) })),
    consents: consents.map(({ deviceId, at, ...text }) => ({ device: deviceId === null ? null : idOf("dev", deviceId), ...text, at: at.toISOString() })),
    passkeys: passkeys.map(viewPasskey),
    pools,
    reports: reports.map(({ reportedAt, ...report }) => ({ ...report, reportedAt: reportedAt.toISOString() })),
    notices: notices.map(viewNotice),
    noticeSettings: completeSettings(noticeSettings),
    pushBrowsers: browsers.map(viewBrowser),
    postings: postings.map((posting) => ({ ...written(posting), amountMicro: String(posting.amountMicro) })),
  };
}
