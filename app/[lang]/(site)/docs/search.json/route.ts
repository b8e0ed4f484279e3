import { buildSearchIndex } from "#lib/client/docs/search-index.ts";
import { listSections } from "#lib/server/docs/list-sections.ts";
import { getDocs } from "../get-docs.ts";

// Made once, by the build.
export const dynamic = "force-static";

export async function GET(): Promise<Response> {
  return new Response(buildSearchIndex(listSections(await getDocs())), { headers: { "content-type": "application/json" } });
}
