import { globSync, readFileSync } from "node:fs";
import { createServer, type RequestListener } from "node:http";
import { flushCompileCache } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { corsOrigins } from "#lib/server/config/cors-origins.ts";
import { answerPreflight } from "#lib/server/http/cors.ts";
import type { Door } from "#lib/server/http/handle.ts";
import { type DoorTable, serveDoors } from "#lib/server/http/serve-doors.ts";

const ROOT = resolve(import.meta.dirname, "..", "..", "..");

/**
 * A process that serves the route files of `app/api/v1` as they are, on PORT, without the framework around them: the endpoints of an instance in two
 * seconds instead of a build. `PAGE` is the HTML of its front page and `SCRIPT` the file that stands at /script.js.
 */
const doors: Record<string, Door> = {};
for (const file of globSync("app/api/v1/**/route.ts", { cwd: ROOT })) {
  const path = `/${file}`
    .replace(/^\/app/, "")
    .replace(/\/route\.ts$/, "")
    .replace(/\[(\w+)\]/g, "{$1}");
  const routes = (await import(pathToFileURL(join(ROOT, file)).href)) as Record<string, Door>;
  for (const method of ["GET", "POST", "PUT", "DELETE"]) if (routes[method]) doors[`${method} ${path}`] = routes[method];
}

const api = serveDoors(doors satisfies DoorTable, process.env.PUBLIC_URL ?? "");
const [onApi] = api.listeners("request") as RequestListener[];
const { PAGE, SCRIPT, PORT } = process.env;
const server = createServer((incoming, outgoing) => {
  if (incoming.url === "/" && PAGE !== undefined) outgoing.writeHead(200, { "content-type": "text/html" }).end(PAGE);
  else if (incoming.url === "/script.js" && SCRIPT !== undefined) outgoing.writeHead(200, { "content-type": "text/javascript" }).end(readFileSync(SCRIPT));
  else if (incoming.method === "OPTIONS") {
    const { headers } = answerPreflight(incoming.headers.origin ?? null, corsOrigins.parse(process.env.CORS_ORIGINS));
    outgoing.writeHead(204, Object.fromEntries(headers)).end();
  } else onApi?.(incoming, outgoing);
}).listen(Number(PORT), "127.0.0.1", () => console.log("ready"));

// Tests end it by force: what it compiled is written down for the next one now.
flushCompileCache();

// What is being answered is answered, as by the gateway.
process.once("SIGTERM", () => {
  server.close(() => process.exit(0));
  server.closeIdleConnections();
});
