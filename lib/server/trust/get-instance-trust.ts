import "server-only";
import type { InstanceTrust } from "#lib/domain/trust/promise.ts";
import type { Services } from "../context.ts";
import { readInstanceTrust } from "./instance-trust-store.ts";

/** A device renews its token every ten minutes while it runs. */
const SEEN_MS_MAX = 3_600_000;

/** What this instance is able to promise now. Its results for each window are those of all classes, so that a young instance can grow into the others. */
export async function getInstanceTrust({ db, clock, config }: Pick<Services, "db" | "clock" | "config">): Promise<InstanceTrust> {
  const nowMs = clock.now().getTime();
  const { windowMsMax, windowResultsMax } = config.hold;
  const found = await readInstanceTrust(db, { verdicts: new Date(nowMs - windowMsMax), seen: new Date(nowMs - SEEN_MS_MAX) });
  return { ...found, resultsPerWindow: Math.min(windowResultsMax, found.resultsPerWindow) };
}
