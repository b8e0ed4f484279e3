import "server-only";
import type { AccountId, Sha256 } from "#lib/domain/ids.ts";
import { type createUpload as createUploadEndpoint, OPEN_UPLOADS } from "#lib/protocol/artifacts/uploads.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import { lockAccount } from "../../accounts/data/account-data-store.ts";
import type { Context } from "../../context.ts";
import type { Tx } from "../../db/client.ts";
import { transaction } from "../../db/transaction.ts";
import { newId } from "../../ids.ts";
import { requireAccount } from "../../principal.ts";
import { refuseKept } from "../../quotas/check-quotas.ts";
import { renewOwned } from "../artifact-store.ts";
import { UPLOAD_LIMITS } from "../upload-limits.ts";
import { sumOpenUploads, upsertUpload } from "./upload-store.ts";
import { expiryFrom, rewindToBytes, viewUpload } from "./view-upload.ts";

type Endpoint = typeof createUploadEndpoint;

/**
 * Opens an upload in several requests, or goes on with the one that the account has open for the same bytes, whoever began it and wherever. Bytes that
 * the account uploaded before are complete at once; those of others are not, so that a digest alone opens nothing. Throws `too_large`, `uploads_open` and `kept_full`.
 */
export async function createUpload(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "artifacts:write");
  const { part, sha256, bytes } = input;
  const { what, bytesMax } = UPLOAD_LIMITS[part];
  if (bytes > bytesMax) throw new ApiError("too_large", { what, limit: bytesMax });
  const at = ctx.clock.now();
  const owned = (await renewOwned(ctx.db, accountId, { sha256s: [sha256], at })).get(sha256);
  if (owned !== undefined) return { state: "complete", artifact: { sha256, bytes: owned } };
  const upload = await transaction(ctx.db, async (tx) => {
    await lockAccount(tx, accountId);
    await refuseTooMany(tx, accountId, { sha256, bytes });
    await refuseKept(tx, ctx, accountId, { sha256, bytes });
    return await upsertUpload(tx, { accountId, uploadId: newId("upl"), part, sha256, bytes, at, expiresAt: expiryFrom(at) });
  });
  return viewUpload(await rewindToBytes(ctx, upload));
}

async function refuseTooMany(tx: Tx, accountId: AccountId, announced: { sha256: Sha256; bytes: number }): Promise<void> {
  const { count, bytes } = await sumOpenUploads(tx, accountId, announced);
  const { countMax, bytesMax } = OPEN_UPLOADS;
  if (count >= countMax || bytes + announced.bytes > bytesMax) throw new ApiError("uploads_open", { count, countMax, bytesMax });
}
