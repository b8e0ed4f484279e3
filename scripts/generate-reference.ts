import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { references } from "./reference/references.ts";

/* Writes the references that are generated from the protocol. A test fails while one of them is stale. */
const root = join(import.meta.dirname, "..");
for (const { path, content } of await references()) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  console.log(path);
}
