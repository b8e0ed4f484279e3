import "server-only";
import { z } from "zod";

/** What a backup holds; the file `manifest.json` in its folder, written last, so that a folder without it is no backup. */
export const backupManifest = z.strictObject({
  version: z.literal(1),
  createdAt: z.iso.datetime(),
  /** Hash of the youngest migration of the database. A backup is restored by the version of Shoal that has the same. */
  migration: z.string(),
  /** In an order in which no row refers to one that comes later. */
  tables: z.array(z.strictObject({ name: z.string(), columns: z.array(z.string()), rows: z.int().min(0) })),
  sequences: z.array(z.strictObject({ name: z.string(), value: z.string() })),
  blobs: z.int().min(0),
});
export type BackupManifest = z.output<typeof backupManifest>;

export const MANIFEST_FILE = "manifest.json";
export const TABLES_FOLDER = "tables";
export const BLOBS_FOLDER = "blobs";
