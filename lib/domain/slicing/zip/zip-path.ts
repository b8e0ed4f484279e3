const SYSTEM_NOTES = /(^|\/)(__MACOSX\/|\.DS_Store$|Thumbs\.db$|desktop\.ini$)/;

/** Whether the entry is a folder, or a note that an operating system leaves beside the files. */
export function isSkippedPath(path: string): boolean {
  return path.endsWith("/") || SYSTEM_NOTES.test(path);
}

/** What is wrong with the name of a file in a zip, as the end of a sentence; null for a plain relative path. */
export function findPathProblem(path: string): string | null {
  if (path === "") return "is no name";
  if (/[\p{Cc}\p{Cf}]/u.test(path)) return "holds characters that cannot be seen";
  if (path.includes("\\")) return "holds a backslash";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is an absolute path";
  if (path.split("/").some((part) => part === ".." || part === "." || part === "")) return "leaves its folder";
  return null;
}
