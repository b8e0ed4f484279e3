import { posix } from "node:path";

const IMPORT = /(?:\bfrom|\bimport)\s*\(?\s*"(\.\.?\/[^"]+)"/g;

/** The room a file belongs to: a folder of lib or workers, or the top folder. */
function roomOf(path: string): string {
  const [top = "", second = ""] = path.split("/");
  return top === "lib" || top === "workers" ? `${top}/${second}` : top;
}

/**
 * The relative imports of a file that leave its room. The floors are guarded by the names of rooms (`#lib/server/…`), so a path that climbs out of a room
 * would pass below them. Tests, and what only tests use, may climb.
 */
export function listEscapingImports(path: string, text: string): string[] {
  const isGuarded = /^(lib|workers|app|cli|sdk)\//.test(path) && !path.startsWith("lib/testing/") && !/\.test\.tsx?$/.test(path);
  if (!isGuarded) return [];
  return [...text.matchAll(IMPORT)].map((match) => match[1] ?? "").filter((specifier) => roomOf(posix.join(posix.dirname(path), specifier)) !== roomOf(path));
}
