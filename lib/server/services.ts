import "server-only";
import { LEGAL_TEXTS } from "#lib/protocol/legal/legal.ts";
import { openFileBlobStore } from "./artifacts/file-blob-store.ts";
import { readConfig } from "./config/config.ts";
import type { Services } from "./context.ts";
import { openDatabase } from "./db/client.ts";
import { readLegalText } from "./docs/read-legal-text.ts";
import { createLog } from "./log.ts";

/** Builds what commands need from the environment; fails with every wrong setting named, or the text of LEGAL_FOLDER that cannot be read. The caller ends `db`. */
export async function openServices(env: Record<string, string | undefined>, applicationName = "shoal"): Promise<Services> {
  const config = readConfig(env);
  // An instance whose terms cannot be read does not start.
  await Promise.all(LEGAL_TEXTS.map((name) => readLegalText(name, config.legalFolder)));
  const log = createLog(config);
  // The libraries are loaded only where somebody wants traces.
  if (config.traces) (await import("./tracing/start-tracing.ts")).startTracing(config.traces, { service: applicationName, log });
  return {
    config,
    db: openDatabase(config.databaseUrl, { applicationName, plans: config.databasePlans }),
    clock: { now: () => new Date() },
    log,
    blobs: config.s3 ? await (await import("./artifacts/s3/s3-blob-store.ts")).openS3BlobStore(config.s3) : await openFileBlobStore(config.blobFolder),
  };
}

const held = globalThis as typeof globalThis & { shoalServices?: Promise<Services> };

/** The services of this process, built on first use. They hang on the global object because a development server loads modules anew. */
export async function getServices(): Promise<Services> {
  // biome-ignore lint/style/noProcessEnv: the one place where the server takes its environment; config.ts reads it.
  held.shoalServices ??= openServices(process.env, "shoal app").catch((error: unknown) => {
    delete held.shoalServices;
    throw error;
  });
  return await held.shoalServices;
}
