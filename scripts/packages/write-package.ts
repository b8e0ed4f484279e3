import { copyFile, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

export const ROOT = join(import.meta.dirname, "..", "..");

/** Writes what makes a folder a package: its description for npm, a README whose links lead to the repository's files by name, and the licence. */
export async function writePackage(
  folder: string,
  { name, description, readme, fields }: { name: string; description: string; readme: string; fields: Record<string, unknown> },
): Promise<void> {
  const { version, license } = JSON.parse(await readFile(join(ROOT, "package.json"), "utf8")) as { version: string; license: string };
  const manifest = { name, version, description, license, type: "module", sideEffects: false, ...fields };
  await writeFile(join(folder, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
  await writeFile(join(folder, "README.md"), readme.replace(/\[([^\]]+)\]\((?!https?:)[^)]+\)/g, "$1"));
  await copyFile(join(ROOT, "LICENSE"), join(folder, "LICENSE"));
}
