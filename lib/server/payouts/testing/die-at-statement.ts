import { openFileBlobStore } from "../../artifacts/file-blob-store.ts";
import type { Config } from "../../config/config.ts";
import { openDatabase } from "../../db/client.ts";
import { createLog } from "../../log.ts";
import { runPayouts } from "../run-payouts.ts";

/*
 * A program of its own for tests: one round of payouts that ends as a power cut would, before its statement with the given number is sent. Its arguments are
 * the settings as JSON, the time, and that number.
 */
const [settings = "{}", now = "", dieAt = ""] = process.argv.slice(2);
const config = JSON.parse(settings, (_, value: unknown) => (typeof value === "string" && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value)) as Config;
let statements = 0;
const db = openDatabase(config.databaseUrl, {
  connectionsMax: 2,
  onStatement: () => {
    statements += 1;
    if (statements === Number(dieAt)) process.kill(process.pid, "SIGKILL");
  },
});
const log = createLog({ logLevel: "error" });
await runPayouts({ config, db, log, clock: { now: () => new Date(now) }, blobs: await openFileBlobStore(config.blobFolder) });
await db.end();
