/** Why node_modules has to be installed again, as half a sentence; null when what npm recorded there satisfies the lock file. */
export function installReason(lock, installed) {
  if (!installed) return "dependencies are not installed yet";
  const present = installed.packages ?? {};
  for (const [path, wanted] of Object.entries(lock?.packages ?? {})) {
    const difference = path === "" ? null : differenceOf(wanted, present[path]);
    if (difference) return `${nameOf(path)} ${difference}`;
  }
  return null;
}

function differenceOf(wanted, found) {
  // npm leaves out optional packages of other platforms, so only a package that everybody needs counts as missing.
  if (!found) return wanted.optional ? null : "is missing";
  if (found.version !== wanted.version) return `is ${found.version}, the lock file says ${wanted.version}`;
  return found.integrity && wanted.integrity && found.integrity !== wanted.integrity ? "is not the locked file" : null;
}

function nameOf(path) {
  return path.slice(path.lastIndexOf("node_modules/") + "node_modules/".length);
}

/** Whether "10.9.9" is at least the given major version; text that is no version is not. */
export function isMajorAtLeast(version, majorMin) {
  const major = Number.parseInt(String(version).trim(), 10);
  return Number.isInteger(major) && major >= majorMin;
}

/** PATH without the folders that this checkout's own node_modules put there: they vanish while npm installs. */
export function pathOutside(path, root, separator) {
  return path
    .split(separator)
    .filter((folder) => folder !== "" && !folder.startsWith(`${root}/node_modules`))
    .join(separator);
}

/** What a lock file says about its holder, at least { pid, startedAt }; null when it holds anything else. */
export function parseLockHolder(text) {
  try {
    const holder = JSON.parse(text);
    return Number.isInteger(holder?.pid) && typeof holder.startedAt === "string" ? holder : null;
  } catch {
    return null;
  }
}
