import "server-only";
import type { Services } from "../context.ts";
import { transaction } from "../db/transaction.ts";
import { deleteSamples, insertSample } from "../network/network-store.ts";

/** A week is shown; a day more lets its first step be whole. */
const KEPT_MS = 8 * 86_400_000;

/** Counts what the instance has done until now, for its public figures, and forgets counts older than eight days. */
export async function countNetwork(services: Services): Promise<{ deleted: number }> {
  const at = services.clock.now();
  return await transaction(
    services.db,
    async (tx) => {
      await insertSample(tx, at);
      return { deleted: await deleteSamples(tx, new Date(at.getTime() - KEPT_MS)) };
    },
    "relaxed",
  );
}
