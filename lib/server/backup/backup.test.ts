import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { makeAccount, makeDevice, makeJob } from "#lib/testing/builders.ts";
import { withEmptyDatabase } from "#lib/testing/database/with-empty-database.ts";
import { DrivenDevice, reportOf } from "#lib/testing/exchange-driver.ts";
import { openTestServices, type TestServices } from "#lib/testing/services.ts";
import { countRows, upload } from "#lib/testing/submission.ts";
import { openFileBlobStore } from "../artifacts/file-blob-store.ts";
import { openS3BlobStore } from "../artifacts/s3/s3-blob-store.ts";
import { openS3Server } from "../artifacts/testing/open-s3-server.ts";
import { openDatabase } from "../db/client.ts";
import { JobSnapshot } from "../exchange/job-snapshot.ts";
import { getResults } from "../jobs/get-results.ts";
import { checkLedger } from "../ledger/check-ledger.ts";
import { RestoreError, restoreBackup } from "./restore-backup.ts";
import { writeBackup } from "./write-backup.ts";

const migrations = resolve(import.meta.dirname, "../../../drizzle");
let services: TestServices;
let folder: string;
let blobSha256: string;
let resultSha256: string;
let owner: Awaited<ReturnType<typeof makeAccount>>;
let jobId: Awaited<ReturnType<typeof makeJob>>["jobId"];

beforeAll(async () => {
  services = await openTestServices();
  folder = await mkdtemp(join(tmpdir(), "shoal-backup-"));
  owner = await makeAccount(services);
  blobSha256 = (await upload(owner.ctx, "input", randomBytes(100_000))).sha256;
  ({ jobId } = await makeJob(services, owner.accountId, { shardCount: 20 }));
  const snapshot = new JobSnapshot(services);
  for (let i = 0; i < 2; i++) {
    const device = new DrivenDevice((await makeDevice(services)).ctx, snapshot);
    const { grants } = await device.exchange({ shards: 20 });
    await device.exchange({ reports: grants.map((grant) => reportOf(grant, (no) => `output\t${no}\\n\n`)) });
  }
  resultSha256 = await resultOf(services);
});
afterAll(async () => {
  await services.close();
  await rm(folder, { recursive: true, force: true });
});

async function resultOf(from: Pick<TestServices, "db" | "blobs">): Promise<string> {
  const { body } = await getResults({ ...owner.ctx, ...from }, { jobId });
  const hash = createHash("sha256");
  for await (const part of body) hash.update(part);
  return hash.digest("hex");
}

const backedUp = () => writeBackup({ databaseUrl: services.databaseUrl, blobs: services.blobs }, folder, new Date());

test("an instance comes back whole in an empty place: books, bytes, and a job's result", async () => {
  const manifest = await backedUp();
  expect(manifest.blobs).toBeGreaterThan(0);
  await withEmptyDatabase(async (databaseUrl) => {
    const blobFolder = await mkdtemp(join(folder, "restored-"));
    const blobs = await openFileBlobStore(blobFolder);
    await restoreBackup(folder, { databaseUrl, migrations, blobs });
    const db = openDatabase(databaseUrl);
    try {
      expect(await countRows(db)).toEqual(await countRows(services.db));
      expect(await checkLedger(db)).toEqual([]);
      expect(await resultOf({ db, blobs })).toBe(resultSha256);
      expect(await blobs.size(blobSha256)).toBe(100_000);
      const again = restoreBackup(folder, { databaseUrl, migrations, blobs });
      await expect(again).rejects.toThrow("not empty");
    } finally {
      await db.end();
    }
  });
});

test("an instance moves from a folder into a bucket by a backup, and a backup of the bucket is the same", async () => {
  await backedUp();
  const server = await openS3Server();
  const bucket = await openS3BlobStore(server.config);
  await withEmptyDatabase(async (databaseUrl) => {
    await restoreBackup(folder, { databaseUrl, migrations, blobs: bucket });
    const db = openDatabase(databaseUrl);
    expect(await resultOf({ db, blobs: bucket })).toBe(resultSha256);
    await db.end();
    const second = await mkdtemp(join(folder, "bucket-"));
    const { blobs } = await writeBackup({ databaseUrl, blobs: bucket }, second, new Date());
    expect(blobs).toBeGreaterThan(0);
    expect(await (await openFileBlobStore(join(second, "blobs"))).size(blobSha256)).toBe(100_000);
  });
  await server.close();
});

test("what was cut off or damaged is refused before a row is written", async () => {
  await backedUp();
  const blobPath = join(folder, "blobs", blobSha256.slice(0, 2), blobSha256.slice(2));
  await writeFile(blobPath, "something else");
  await withEmptyDatabase(async (databaseUrl) => {
    const blobs = await openFileBlobStore(await mkdtemp(join(folder, "restored-")));
    await expect(restoreBackup(folder, { databaseUrl, migrations, blobs })).rejects.toThrow("damaged");
    const db = openDatabase(databaseUrl);
    expect((await countRows(db)).jobs).toBe(0);
    await db.end();
    await rm(join(folder, "manifest.json"));
    await expect(restoreBackup(folder, { databaseUrl, migrations, blobs })).rejects.toBeInstanceOf(RestoreError);
  });
  // The next backup notices that the bytes it kept are others and writes them anew.
  await backedUp();
  expect((await readdir(join(folder, "blobs", blobSha256.slice(0, 2)))).length).toBeGreaterThan(0);
  await expect(openFileBlobStore(join(folder, "blobs")).then((kept) => kept.size(blobSha256))).resolves.toBe(100_000);
});

test("a damaged store makes no backup", async () => {
  await services.blobs.remove(blobSha256);
  await rm(join(folder, "blobs"), { recursive: true });
  await expect(backedUp()).rejects.toThrow(blobSha256);
  expect(await readdir(folder)).not.toContain("manifest.json");
});
