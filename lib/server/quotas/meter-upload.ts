import "server-only";
import type { AccountId } from "#lib/domain/ids.ts";
import { quotaDay, secondsToNextDay, UPLOAD_BYTES_MIN } from "#lib/domain/quota/quotas.ts";
import { ApiError } from "#lib/protocol/errors.ts";
import type { Services } from "../context.ts";
import { returnUploadBytes, takeUploadBytes } from "./quota-store.ts";

/** Counted at once, so that a statement is not needed for each of the many small chunks of a body. */
const STEP_BYTES = 4 * 1024 * 1024;

/**
 * The body of an upload, each byte counted against what its account may send in a day before it goes on. Throws `upload_quota` at the first byte that is
 * too much. Bytes count whether or not they are kept in the end: what was sent has cost the instance its network and its disk.
 */
export async function* meterUpload(services: Services, accountId: AccountId, body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { db, clock, config } = services;
  const bytesMax = config.quotas.uploadDayBytesMax;
  const day = quotaDay(clock.now());
  const owed = { accountId, day };
  const take = async (bytes: number) => ((await takeUploadBytes(db, owed, { bytes, bytesMax })) ? bytes : 0);
  let counted = await take(UPLOAD_BYTES_MIN);
  let sent = 0;
  try {
    if (counted === 0) throw refusal(services);
    for await (const chunk of body) {
      sent += chunk.byteLength;
      const missing = sent - counted;
      // What is left of the day may be less than a step.
      if (missing > 0) counted += (await take(Math.max(STEP_BYTES, missing))) || (await take(missing));
      if (sent > counted) throw refusal(services);
      yield chunk;
    }
  } finally {
    const unsent = counted - Math.max(sent, UPLOAD_BYTES_MIN);
    if (unsent > 0) await returnUploadBytes(db, owed, unsent);
  }
}

function refusal({ clock, config }: Services): ApiError {
  return new ApiError("upload_quota", { limit: config.quotas.uploadDayBytesMax, seconds: secondsToNextDay(clock.now()) });
}
