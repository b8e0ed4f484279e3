import { DOC_GROUPS, type DocGroup } from "#lib/domain/doc/doc-groups.ts";

/** A page of the docs as a list names it. */
export type ListedDoc = { group: DocGroup; href: string; title: string; description: string };

/** What a list names of a page, and nothing of its text. */
export function listedOf({ group, href, title, description }: ListedDoc): ListedDoc {
  return { group, href, title, description };
}

const GROUPS = Object.keys(DOC_GROUPS) as DocGroup[];

/** The pages under the name of their group. */
export function docsByGroup(docs: readonly ListedDoc[]) {
  return GROUPS.map((group) => ({ group, docs: docs.filter((doc) => doc.group === group) }));
}
