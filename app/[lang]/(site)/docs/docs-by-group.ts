import type { Doc } from "#lib/server/docs/read-docs.ts";
import { DOC_GROUPS } from "#lib/server/docs/resolve-link.ts";

type Listed = Pick<Doc, "group" | "href" | "title" | "description">;

/** The pages under the name of their group. */
export function docsByGroup(docs: readonly Listed[]) {
  return DOC_GROUPS.map((group) => ({ group, docs: docs.filter((doc) => doc.group === group) }));
}
