import { buildSearchIndex } from "#lib/client/docs/search-index.ts";
import { listSections } from "#lib/server/docs/list-sections.ts";
import { listDocs } from "#lib/server/docs/read-docs.ts";

// Made once, by the build.
export const dynamic = "force-static";

export async function GET(): Promise<Response> {
  return new Response(buildSearchIndex(listSections(await listDocs())), { headers: { "content-type": "application/json" } });
}
