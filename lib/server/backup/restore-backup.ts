import "server-only";
import { createReadStream } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGunzip } from "node:zlib";
import pg, { type ClientBase } from "pg";
import { from as copyFrom } from "pg-copy-streams";
import type { BlobStore } from "../artifacts/blob-store.ts";
import { openFileBlobStore } from "../artifacts/file-blob-store.ts";
import { migrate } from "../db/migrate.ts";
import { type BackupManifest, BLOBS_FOLDER, backupManifest, MANIFEST_FILE, TABLES_FOLDER } from "./backup-manifest.ts";
import { getMigration, listTables } from "./database-shape.ts";

export type RestoreTarget = { databaseUrl: string; migrations: string; blobs: BlobStore };

/** Thrown with a sentence that says why a backup cannot be restored and what to do. */
export class RestoreError extends Error {
  override name = "RestoreError";
}

/**
 * Brings a backup into an empty database and a blob store: the bytes first, then all rows in one transaction, so that a restore that fails leaves no
 * half of the rows. Every byte and every count of rows is checked.
 */
export async function restoreBackup(folder: string, { databaseUrl, migrations, blobs }: RestoreTarget): Promise<BackupManifest> {
  const manifest = await readManifest(folder);
  await migrate(databaseUrl, migrations);
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await checkFits(client, manifest);
    await copyBlobs(folder, blobs, manifest);
    await client.query("begin");
    for (const table of manifest.tables) await readTable(client, table, join(folder, TABLES_FOLDER, `${table.name}.gz`));
    for (const { name, value } of manifest.sequences) await client.query("select setval($1, $2::bigint)", [pg.escapeIdentifier(name), value]);
    await client.query("commit");
    return manifest;
  } finally {
    await client.end();
  }
}

async function readManifest(folder: string): Promise<BackupManifest> {
  const text = await readFile(join(folder, MANIFEST_FILE), "utf8").catch((cause: unknown) => {
    throw new RestoreError(`${folder} holds no whole backup: there is no ${MANIFEST_FILE}. Name the folder that npm run backup wrote.`, { cause });
  });
  const parsed = backupManifest.safeParse(JSON.parse(text));
  if (!parsed.success) throw new RestoreError(`${MANIFEST_FILE} is not one that this version of Shoal reads.`);
  return parsed.data;
}

async function checkFits(client: ClientBase, manifest: BackupManifest): Promise<void> {
  if ((await getMigration(client)) !== manifest.migration)
    throw new RestoreError("The backup comes from another version of Shoal. Restore it with that version, then update as usual.");
  for (const { name } of await listTables(client)) {
    const { rowCount } = await client.query(`select 1 from ${pg.escapeIdentifier(name)} limit 1`);
    if (rowCount) throw new RestoreError(`The database is not empty: ${name} has rows. Restore into a new one; nothing was changed.`);
  }
}

async function copyBlobs(folder: string, into: BlobStore, manifest: BackupManifest): Promise<void> {
  const from = await openFileBlobStore(join(folder, BLOBS_FOLDER));
  for (const sha256 of await listDigests(folder, manifest)) {
    if ((await into.size(sha256)) !== null) continue;
    const copied = await into.put(from.read(sha256), { bytesMax: Number.MAX_SAFE_INTEGER, expected: sha256 });
    if (!copied.ok) throw new RestoreError(`The bytes of artifact ${sha256} are damaged in the backup. Take an older one; nothing was changed.`);
  }
}

/** The artifacts as the backup's own table names them. */
async function listDigests(folder: string, manifest: BackupManifest): Promise<string[]> {
  const at = manifest.tables.find(({ name }) => name === "artifacts")?.columns.indexOf("sha256") ?? -1;
  if (at < 0) return [];
  let text = "";
  for await (const chunk of createReadStream(join(folder, TABLES_FOLDER, "artifacts.gz")).pipe(createGunzip())) text += chunk;
  return text.split("\n").flatMap((line) => line.split("\t")[at] || []);
}

async function readTable(client: ClientBase, table: BackupManifest["tables"][number], path: string): Promise<void> {
  const columns = table.columns.map(pg.escapeIdentifier).join(", ");
  const rows = client.query(copyFrom(`copy ${pg.escapeIdentifier(table.name)} (${columns}) from stdin`));
  await pipeline(createReadStream(path), createGunzip(), rows);
  if (rows.rowCount !== table.rows) throw new RestoreError(`The backup is damaged: ${table.name} should have ${table.rows} rows and has ${rows.rowCount}.`);
}
