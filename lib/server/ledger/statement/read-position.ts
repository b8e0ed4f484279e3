import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";

/** A row's place in a list that is newest first: its moment in microseconds, and what orders rows of one moment. */
export type Position = { us: string; tie: string };

/** The name of a row, for the caller to go on from. */
export function nameOfPosition({ us, tie }: Position): string {
  return `${us}-${tie}`;
}

/** The place that `after` names; null from the beginning. Throws `bad_request` for what is no such name. */
export function readPosition(after: string | undefined): Position | null {
  if (after === undefined) return null;
  const [, us, tie] = /^(\d{1,17})-([0-9a-f]{32})$/.exec(after) ?? [];
  if (!(us && tie)) throw new ApiError("bad_request", { field: "after", problem: "it is not the id of a row" });
  return { us, tie };
}
