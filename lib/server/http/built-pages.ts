import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";

/** Inline scripts as Next writes them: it escapes `<` inside, so that the first `</script>` is the end. */
const SCRIPTS = /<script(?<attributes>[^>]*)>(?<body>[\s\S]*?)<\/script>/g;

/** The digests (base64) of the inline scripts of a page, each once, in their order. */
export function hashInlineScripts(html: string): string[] {
  const bodies = [...html.matchAll(SCRIPTS)].filter(({ groups }) => !/\ssrc=/.test(groups?.attributes ?? "")).map(({ groups }) => groups?.body ?? "");
  return [...new Set(bodies.map((body) => createHash("sha256").update(body).digest("base64")))];
}

/** Knows, for each page that the build made, what its inline scripts are. Files of a build do not change, so each is read once. */
export class BuiltPages {
  readonly #folder: string;
  readonly #digests = new Map<string, Promise<string[] | null>>();
  #routes: Promise<ReadonlySet<string>> | null = null;

  /** `folder` is where the build lies, `.next`. */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The digests of a page's inline scripts, or null where the build made no such page and it is rendered for each request. */
  async findDigests(route: string): Promise<string[] | null> {
    this.#routes ??= readRoutes(this.#folder);
    if (!(await this.#routes).has(route)) return null;
    const known = this.#digests.get(route) ?? this.#hash(route);
    this.#digests.set(route, known);
    return known;
  }

  async #hash(route: string): Promise<string[] | null> {
    const html = (await this.#read("app", route)) ?? (await this.#read("pages", route));
    return html === null ? null : hashInlineScripts(html);
  }

  async #read(router: "app" | "pages", route: string): Promise<string | null> {
    return await readFile(join(this.#folder, "server", router, `${route}.html`), "utf8").catch(() => null);
  }
}

async function readRoutes(folder: string): Promise<ReadonlySet<string>> {
  const manifest: unknown = JSON.parse(await readFile(join(folder, "prerender-manifest.json"), "utf8").catch(() => "{}"));
  const routes = (manifest as { routes?: Record<string, unknown> }).routes ?? {};
  return new Set(Object.keys(routes));
}
