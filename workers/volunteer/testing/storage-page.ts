import { createCachedArtifacts } from "../browser/cached-artifacts.ts";
import { openEngineDatabase } from "../browser/engine-database.ts";
import { listReceipts } from "../browser/list-receipts.ts";
import { openBrowserStorage } from "../browser/open-browser-storage.ts";

declare global {
  /** What the engine keeps in this browser, for a test to call. */
  var browserStorage: typeof parts;
}

const parts = { openBrowserStorage, openEngineDatabase, createCachedArtifacts, listReceipts };
globalThis.browserStorage = parts;
