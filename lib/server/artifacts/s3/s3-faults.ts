import "server-only";
import { S3ServiceException } from "@aws-sdk/client-s3";
import { ApiError } from "#lib/protocol/errors.ts";

/** How stores say that there is no room: S3 has no name for it, its compatible servers do. */
const FULL = new Set(["InsufficientCapacity", "QuotaExceeded", "XMinioStorageFull", "InsufficientStorage"]);
const STATUS_FULL = 507;
const STATUS_NOT_FOUND = 404;

/** Whether the store answered that it has no such object. */
export function isMissing(error: unknown): boolean {
  return error instanceof S3ServiceException && error.$metadata.httpStatusCode === STATUS_NOT_FOUND && error.name !== "NoSuchBucket";
}

/** Whether the range that was asked for begins behind the object's end. */
export function isBehindEnd(error: unknown): boolean {
  return error instanceof S3ServiceException && error.name === "InvalidRange";
}

/** A fault of the store as who uses the instance meets it: `unavailable` with what helps; what is not the store's stays as it is. */
export function toUnavailable(error: unknown): unknown {
  const isFull = error instanceof S3ServiceException && (FULL.has(error.name) || error.$metadata.httpStatusCode === STATUS_FULL);
  if (isFull) return new ApiError("unavailable", { problem: "its storage is full" }, { cause: error });
  if (error instanceof S3ServiceException || isLostConnection(error))
    return new ApiError("unavailable", { problem: "its storage does not answer" }, { cause: error });
  return error;
}

const LOST = new Set(["ECONNREFUSED", "ECONNRESET", "ENOTFOUND", "EAI_AGAIN", "ETIMEDOUT", "EPIPE", "EHOSTUNREACH"]);

function isLostConnection(error: unknown): boolean {
  return error instanceof Error && (error.name === "TimeoutError" || ("code" in error && LOST.has(String(error.code))));
}

/** What the store answers, or its fault as `toUnavailable` makes it. */
export async function answered<T>(call: Promise<T>): Promise<T> {
  try {
    return await call;
  } catch (error) {
    throw toUnavailable(error);
  }
}
