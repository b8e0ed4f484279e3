/*
 * `npm run lockfile` adds to package-lock.json the platform packages that npm left out.
 *
 * npm records an optional platform package only when the registry it asked could serve it, and npm 11 then refuses `npm ci` because the record is
 * missing. Name, version, platform and CPU are all in the name and range that the parent states, so the record can be written without asking anybody;
 * npm fetches the file only on that platform.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { argv } from "node:process";
import { fileURLToPath } from "node:url";

const SYSTEMS = ["aix", "android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32"];
const CPUS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "wasm32", "x64"];

/** The records missing from this lock file: { "node_modules/<name>": record }. */
export function missingPlatformPackages(packages) {
  const missing = {};
  for (const [path, entry] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      const record = platformRecord(name, version);
      if (record && !resolves(packages, path, name)) missing[`node_modules/${name}`] = { ...record, ...(entry.dev ? { dev: true } : {}) };
    }
  }
  return missing;
}

/** The record that a package's name implies; null for an optional package that is not bound to a platform by its name. */
function platformRecord(name, version) {
  const words = name.replace("amd64", "x64").split(/[/-]/);
  const cpu = words.filter((word) => CPUS.includes(word));
  const os = words.filter((word) => SYSTEMS.includes(word));
  if (cpu.length === 0) return null;
  const libc = words.flatMap((word) => (word.startsWith("musl") ? ["musl"] : word.startsWith("gnu") ? ["glibc"] : []));
  return { version, cpu, optional: true, ...(os.length > 0 ? { os } : {}), ...(libc.length > 0 ? { libc } : {}) };
}

/** Whether npm's rule (the nearest node_modules upwards) finds the package. */
function resolves(packages, from, name) {
  for (let folder = from; ; folder = folder.slice(0, Math.max(folder.lastIndexOf("/node_modules/"), 0))) {
    if (packages[`${folder === "" ? "" : `${folder}/`}node_modules/${name}`]) return true;
    if (folder === "") return false;
  }
}

function completeLockfile(path) {
  const lock = JSON.parse(readFileSync(path, "utf8"));
  const missing = missingPlatformPackages(lock.packages);
  const all = Object.entries({ ...lock.packages, ...missing }).sort(([a], [b]) => (a < b ? -1 : 1));
  lock.packages = Object.fromEntries(all);
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(`${Object.keys(missing).length} platform packages added to package-lock.json.`);
}

if (argv[1] === fileURLToPath(import.meta.url)) completeLockfile("package-lock.json");
