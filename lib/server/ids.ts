import "server-only";
import { v7 } from "uuid";
import { type Id, type IdPrefix, idOf } from "#lib/domain/ids.ts";

/** A new id whose order follows the time it was made (UUID version 7), so that indexes grow at their end. */
export function newId<P extends IdPrefix>(prefix: P): Id<P> {
  return idOf(prefix, v7());
}
