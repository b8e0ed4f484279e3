import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type pg from "pg";
import { quoteName, withClient } from "../../../scripts/postgres/with-client.ts";

const TEMPLATE_PREFIX = "shoal_template_";
export const CLONE_PREFIX = "shoal_test_";

/** Held while the template is made, so that test runs that share a server make it once. */
const TEMPLATE_LOCK = 7_405_002;

export type TestDatabaseServer = { url: string; template: string };

/** Makes the database that tests are cloned from, unless one for exactly these migrations is there; returns its name. */
export async function prepareTemplate(input: { url: string; migrations: string; isOurs: boolean }): Promise<string> {
  const template = `${TEMPLATE_PREFIX}${hashOf(input.migrations)}`;
  await withClient(input.url, async (client) => {
    await client.query("select pg_advisory_lock($1)", [TEMPLATE_LOCK]);
    if (input.isOurs) await dropOlder(client, template);
    const found = await client.query("select 1 from pg_database where datname = $1", [template]);
    if (found.rowCount === 1) return;
    // Under another name until it is whole: a run that was cut off leaves no half-migrated template.
    const draft = `${template}_new`;
    await client.query(`drop database if exists ${quoteName(draft)}`);
    await client.query(`create database ${quoteName(draft)}`);
    await migrateInChild(databaseUrl(input.url, draft), input.migrations);
    await client.query(`alter database ${quoteName(draft)} rename to ${quoteName(template)}`);
  });
  return template;
}

/** The same server's URL for another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

async function migrateInChild(url: string, folder: string): Promise<void> {
  const program = fileURLToPath(new URL("./migrate-template.ts", import.meta.url));
  // By the environment: arguments are visible to everybody on the machine, and the URL holds a password.
  const env = { ...process.env, TEMPLATE_URL: url, MIGRATIONS_FOLDER: folder };
  await promisify(execFile)(process.execPath, ["--conditions=react-server", program], { env });
}

async function dropOlder(client: pg.Client, template: string): Promise<void> {
  const older = await client.query<{ datname: string }>(
    "select datname from pg_database where (starts_with(datname, $1) and datname <> $2) or starts_with(datname, $3)",
    [TEMPLATE_PREFIX, template, CLONE_PREFIX],
  );
  for (const { datname } of older.rows) await client.query(`drop database ${quoteName(datname)} with (force)`);
}

function hashOf(migrations: string): string {
  const hash = createHash("sha256");
  const files = readdirSync(migrations).filter((name) => name.endsWith(".sql"));
  for (const name of files.sort()) hash.update(`${name}\0`).update(readFileSync(join(migrations, name)));
  return hash.digest("hex").slice(0, 16);
}
