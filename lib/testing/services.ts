import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pino } from "pino";
import { openFileBlobStore } from "#lib/server/artifacts/file-blob-store.ts";
import { type Config, readConfig } from "#lib/server/config/config.ts";
import type { Clock, Services } from "#lib/server/context.ts";
import { openTestDatabase } from "./database/open-test-database.ts";

/** A clock that stands still until it is moved. */
export class TestClock implements Clock {
  #nowMs: number;

  constructor(nowMs: number = Date.UTC(2026, 0, 1)) {
    this.#nowMs = nowMs;
  }

  now(): Date {
    return new Date(this.#nowMs);
  }

  advance(ms: number): void {
    this.#nowMs += ms;
  }
}

export type TestServices = Services & { clock: TestClock; databaseUrl: string; close(): Promise<void> };

/** Real means for a test file: its own database, a temporary blob folder, a clock to turn; logs are silent. Close it in `afterAll`. */
export async function openTestServices(settings: Partial<Config> = {}): Promise<TestServices> {
  const database = await openTestDatabase();
  const blobFolder = await mkdtemp(join(tmpdir(), "shoal-blobs-"));
  const config = readConfig({
    DATABASE_URL: database.url,
    PUBLIC_URL: "http://127.0.0.1:3999",
    SESSION_SECRET: "a secret that only tests know, 32+ characters",
    BLOB_FOLDER: blobFolder,
    DEMO: "true",
    FAUCET_MICRO: "1000000000",
    RATE_LIMIT_FACTOR: "1000",
  });
  return {
    db: database.db,
    clock: new TestClock(),
    log: pino({ level: "silent" }),
    blobs: await openFileBlobStore(blobFolder),
    config: { ...config, ...settings },
    databaseUrl: database.url,
    close: async () => {
      await database.close();
      await rm(blobFolder, { recursive: true, force: true });
    },
  };
}
