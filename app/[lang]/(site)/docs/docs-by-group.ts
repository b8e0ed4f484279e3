import { DOC_GROUPS, type DocGroup } from "#lib/server/docs/doc-groups.ts";
import type { Doc } from "#lib/server/docs/read-docs.ts";

type Listed = Pick<Doc, "group" | "href" | "title" | "description">;

const GROUPS = Object.keys(DOC_GROUPS) as DocGroup[];

/** The pages under the name of their group. */
export function docsByGroup(docs: readonly Listed[]) {
  return GROUPS.map((group) => ({ group, docs: docs.filter((doc) => doc.group === group) }));
}
