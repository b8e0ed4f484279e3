import "server-only";
import type { InputOf } from "#lib/protocol/endpoint.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { getEpochFile as getEpochFileEndpoint } from "#lib/protocol/payouts/payouts.ts";
import { UNTRUSTED_BYTES_HEADERS } from "../artifacts/untrusted-bytes-headers.ts";
import { onChain } from "../chain/choose-chain.ts";
import type { Context } from "../context.ts";
import type { ByteAnswer } from "../http/handle.ts";
import { findEpoch } from "./epoch-store.ts";

type Endpoint = typeof getEpochFileEndpoint;

/** The public file of an epoch of a chain, whole; `not_found` before it is written. */
export async function getEpochFile(ctx: Context, { no, chainId }: InputOf<Endpoint>): Promise<ByteAnswer> {
  const { db, config, blobs } = onChain(ctx, chainId);
  const epoch = await findEpoch(db, config.chain.id, no);
  const bytes = epoch?.fileSha256 ? await blobs.size(epoch.fileSha256) : null;
  if (!epoch?.fileSha256 || bytes === null) throw new ApiError("not_found", { what: "file of this epoch" });
  return {
    status: 200,
    headers: {
      ...UNTRUSTED_BYTES_HEADERS,
      "cache-control": "public, max-age=31536000, immutable",
      "content-disposition": `attachment; filename="epoch-${no}.shoal"`,
      "content-type": "application/octet-stream",
      "content-length": String(bytes),
      "x-content-sha256": epoch.fileSha256,
    },
    body: blobs.read(epoch.fileSha256),
  };
}
