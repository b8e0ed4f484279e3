import "server-only";
import { type UploadId, uuidOf } from "#lib/domain/ids.ts";
import type { deleteUpload as deleteUploadEndpoint } from "#lib/protocol/artifacts/uploads.ts";
import type { InputOf, OutputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Context } from "../../context.ts";
import { requireAccount } from "../../principal.ts";
import { removeUpload } from "./upload-store.ts";

type Endpoint = typeof deleteUploadEndpoint;

/** Gives an unfinished upload of the account up: its bytes are removed and it counts no more. */
export async function deleteUpload(ctx: Context, input: InputOf<Endpoint>): Promise<OutputOf<Endpoint>> {
  const { accountId } = requireAccount(ctx.principal, "artifacts:write");
  const uploadId = input.uploadId as UploadId;
  if (!(await removeUpload(ctx.db, accountId, uploadId))) throw new ApiError("not_found", { what: "upload" });
  await ctx.blobs.partials.remove(uuidOf(uploadId));
  return { deleted: true };
}
