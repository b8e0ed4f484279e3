import { join } from "node:path";
import type { TestProject } from "vitest/node";
import { PostgresInUseError, type PostgresServer, startPostgres } from "../../../scripts/postgres/start-postgres.ts";
import { prepareTemplate, type TestDatabaseServer } from "./prepare-template.ts";

const RUNS_AT_ONCE_MAX = 16;

/** A test database is thrown away, so it need not survive a power cut; everything else is as in production. */
const SETTINGS = { fsync: "off", synchronous_commit: "off", full_page_writes: "off", max_connections: "200", shared_buffers: "128MB" };

declare module "vitest" {
  interface ProvidedContext {
    testDatabaseServer: TestDatabaseServer;
  }
}

/**
 * Gives the test run a PostgreSQL server with a migrated template: the one that TEST_DATABASE_URL names, or an embedded one that stops with the run.
 * Template and data folder stay for the next run.
 */
export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const root = project.config.root;
  const chosen = process.env.TEST_DATABASE_URL;
  const server = chosen ? null : await startInFreeFolder(join(root, ".local", "postgres-test"));
  const url = chosen ?? server?.url ?? "";
  try {
    const template = await prepareTemplate({ url, migrations: join(root, "drizzle"), isOurs: server !== null });
    project.provide("testDatabaseServer", { url, template });
  } catch (error) {
    await server?.stop();
    throw error;
  }
  return async () => {
    await server?.stop();
  };
}

/** Test runs that overlap in one checkout each take a folder of their own. */
async function startInFreeFolder(parent: string): Promise<PostgresServer> {
  for (let index = 0; ; index++) {
    try {
      return await startPostgres({ folder: join(parent, String(index)), database: "postgres", settings: SETTINGS });
    } catch (error) {
      if (!(error instanceof PostgresInUseError) || index + 1 === RUNS_AT_ONCE_MAX) throw error;
    }
  }
}
