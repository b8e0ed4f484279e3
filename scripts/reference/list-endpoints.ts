import { globSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Endpoint } from "../../lib/protocol/endpoint.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** Every endpoint that `lib/protocol` declares, by path and method. A room of the protocol that is added is found by itself. */
export async function listEndpoints(): Promise<Endpoint[]> {
  const files = globSync("lib/protocol/*/*.ts", { cwd: ROOT, exclude: ["**/*.test.ts"] });
  const modules = await Promise.all(files.map(async (file) => (await import(pathToFileURL(join(ROOT, file)).href)) as Record<string, unknown>));
  const endpoints = modules.flatMap((module) => Object.values(module).filter(isEndpoint));
  return endpoints.sort((a, b) => (a.path === b.path ? a.method.localeCompare(b.method) : a.path.localeCompare(b.path)));
}

function isEndpoint(value: unknown): value is Endpoint {
  return typeof value === "object" && value !== null && "path" in value && "method" in value && "auth" in value && "input" in value;
}
