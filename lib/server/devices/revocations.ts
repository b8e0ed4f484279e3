import "server-only";
import type { DeviceId } from "#lib/domain/ids.ts";
import type { Services } from "../context.ts";
import type { Db } from "../db/client.ts";
import { listRevokedSince } from "./device-store.ts";
import { DEVICE_TOKEN_TTL_MS } from "./device-token.ts";

const REFRESH_MS = 1000;
/** How far the clocks of two servers may differ. */
const CLOCK_SKEW_MS = 5 * 60_000;

type Known = { ids: ReadonlySet<DeviceId>; readAtMs: number };
type Source = Pick<Services, "db" | "clock">;

/** Which device tokens are void before they expire: one small set per process, read from the database at most once a second. */
class Revocations {
  #known: Known | null = null;
  #reading: Promise<Known> | null = null;

  async has(source: Source, deviceId: DeviceId): Promise<boolean> {
    const nowMs = source.clock.now().getTime();
    // A clock that was set back must not make an old set look fresh.
    if (this.#known && Math.abs(nowMs - this.#known.readAtMs) < REFRESH_MS) return this.#known.ids.has(deviceId);
    this.#reading ??= this.#read(source, nowMs).finally(() => {
      this.#reading = null;
    });
    this.#known = await this.#reading;
    return this.#known.ids.has(deviceId);
  }

  /** Devices revoked longer ago than a token lives cannot hold one that is still valid. */
  async #read({ db }: Source, nowMs: number): Promise<Known> {
    const since = new Date(nowMs - DEVICE_TOKEN_TTL_MS - CLOCK_SKEW_MS);
    return { ids: new Set(await listRevokedSince(db, since)), readAtMs: nowMs };
  }
}

const perDatabase = new WeakMap<Db, Revocations>();

/** Whether the device was revoked, as of at most a second ago. */
export async function isRevoked(source: Source, deviceId: DeviceId): Promise<boolean> {
  const revocations = perDatabase.get(source.db) ?? new Revocations();
  perDatabase.set(source.db, revocations);
  return await revocations.has(source, deviceId);
}
