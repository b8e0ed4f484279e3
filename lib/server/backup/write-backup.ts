import "server-only";
import { createWriteStream } from "node:fs";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import pg, { type ClientBase } from "pg";
import { to as copyTo } from "pg-copy-streams";
import type { BlobStore } from "../artifacts/blob-store.ts";
import { openFileBlobStore } from "../artifacts/file-blob-store.ts";
import { type BackupManifest, BLOBS_FOLDER, MANIFEST_FILE, TABLES_FOLDER } from "./backup-manifest.ts";
import { getMigration, listSequences, listTables } from "./database-shape.ts";

export type BackupSource = { databaseUrl: string; blobs: BlobStore };

/**
 * Writes the whole instance into `folder` while it runs: all tables as of one moment, then the bytes of every artifact they know, each checked against its
 * digest. Bytes that an earlier backup left in the folder are kept. The manifest comes last; a folder without one is no backup.
 */
export async function writeBackup({ databaseUrl, blobs }: BackupSource, folder: string, now: Date): Promise<BackupManifest> {
  await mkdir(folder, { recursive: true });
  await rm(join(folder, MANIFEST_FILE), { force: true });
  await rm(join(folder, TABLES_FOLDER), { recursive: true, force: true });
  await mkdir(join(folder, TABLES_FOLDER));
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query("begin isolation level repeatable read, read only");
    const tables: BackupManifest["tables"] = [];
    for (const { name, columns } of await listTables(client)) {
      tables.push({ name, columns, rows: await writeTable(client, { name, columns, path: join(folder, TABLES_FOLDER, `${name}.gz`) }) });
    }
    const [migration, sequences] = [await getMigration(client), await listSequences(client)];
    const count = await copyBlobs(client, blobs, join(folder, BLOBS_FOLDER));
    await client.query("commit");
    const manifest: BackupManifest = { version: 1, createdAt: now.toISOString(), migration, tables, sequences, blobs: count };
    await writeFile(join(folder, MANIFEST_FILE), `${JSON.stringify(manifest, null, 2)}\n`);
    return manifest;
  } finally {
    await client.end();
  }
}

async function writeTable(client: ClientBase, table: { name: string; columns: string[]; path: string }): Promise<number> {
  const columns = table.columns.map(pg.escapeIdentifier).join(", ");
  const rows = client.query(copyTo(`copy ${pg.escapeIdentifier(table.name)} (${columns}) to stdout`));
  await pipeline(rows, createGzip(), createWriteStream(table.path));
  return rows.rowCount ?? 0;
}

async function copyBlobs(client: ClientBase, from: BlobStore, folder: string): Promise<number> {
  const into = await openFileBlobStore(folder);
  const { rows } = await client.query<{ sha256: string; bytes: string }>("select sha256, bytes from artifacts order by sha256");
  for (const { sha256, bytes } of rows) {
    if ((await into.size(sha256)) === Number(bytes)) continue;
    const copied = await into.put(from.read(sha256), { bytesMax: Number(bytes), expected: sha256 });
    if (!copied.ok) throw new Error(`the bytes of artifact ${sha256} are damaged in the store: ${copied.reason}`);
  }
  return rows.length;
}
