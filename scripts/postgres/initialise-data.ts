import { spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Place } from "./choose-place.ts";
import { serverEnvironment } from "./server-user.ts";

export const SUPERUSER = "shoal";

/** Makes the data folder when there is none and returns the superuser's password. A run that was cut off in the middle leaves nothing that looks finished. */
export function initialiseData(place: Place): string {
  const passwordPath = join(place.base, "password");
  if (existsSync(place.data)) return readPassword(passwordPath, place);
  const password = randomBytes(24).toString("base64url");
  writeFileSync(passwordPath, `${password}\n`, { mode: 0o600 });
  const draft = `${place.data}.new`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { mode: 0o700 });
  if (place.user) chownSync(draft, place.user.uid, place.user.gid);
  runInitdb(place, draft, password);
  renameSync(draft, place.data);
  return password;
}

function readPassword(path: string, place: Place): string {
  try {
    return readFileSync(path, "utf8").trim();
  } catch (error) {
    throw new Error(
      `The password of the database in ${place.base} cannot be read. To start again with an empty database, remove that folder: rm -rf ${place.base}`,
      { cause: error },
    );
  }
}

function runInitdb(place: Place, folder: string, password: string): void {
  const passwordFile = `${folder}.password`;
  writeFileSync(passwordFile, `${password}\n`, { mode: 0o600 });
  if (place.user) chownSync(passwordFile, place.user.uid, place.user.gid);
  try {
    // One collation everywhere, the same on every machine; --no-sync saves seconds and only matters if the power goes during these milliseconds.
    const args = [
      `--pgdata=${folder}`,
      `--username=${SUPERUSER}`,
      `--pwfile=${passwordFile}`,
      "--auth=scram-sha-256",
      "--encoding=UTF8",
      "--locale=C",
      "--locale-provider=builtin",
      "--builtin-locale=C.UTF-8",
      "--no-sync",
      "--no-instructions",
    ];
    const result = spawnSync(join(place.native, "bin", "initdb"), args, { cwd: place.base, env: serverEnvironment(), encoding: "utf8", ...place.user });
    if (result.error) throw new Error(`PostgreSQL's initdb did not start: ${result.error.message}`);
    if (result.status !== 0) throw new Error(`PostgreSQL could not create a database in ${place.base}: ${result.stderr.trim() || result.stdout.trim()}`);
  } finally {
    rmSync(passwordFile, { force: true });
  }
}
