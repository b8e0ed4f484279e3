import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { PageLink } from "#lib/ui/shell/page-link.tsx";
import { readWords } from "../../../read-words.ts";
import { DocSearch } from "./doc-search.tsx";
import { docsByGroup } from "./docs-by-group.ts";
import { getDocs } from "./get-docs.ts";

export async function generateMetadata(): Promise<Metadata> {
  const { title, description } = (await readWords()).text.docs;
  return { title, description };
}

export default async function DocsPage() {
  const {
    language,
    text: { docs: text },
  } = await readWords();
  return (
    <>
      <PageHead title={text.title} lead={language === "en" ? text.description : `${text.description} ${text.inEnglish}`} />
      <div className="max-w-md">
        <DocSearch />
      </div>
      {docsByGroup(await getDocs()).map(({ group, docs }) => (
        <section key={group} aria-labelledby={group} className="mt-10">
          <h2 id={group} className="mb-4 font-semibold text-xl">
            {text.groups[group]}
          </h2>
          <ul className="grid gap-3 sm:grid-cols-2">
            {docs.map(({ href, title, description }) => (
              <li key={href} className="relative rounded-card border border-line bg-surface p-5 focus-within:border-accent hover:border-edge">
                <PageLink href={href} className="font-semibold text-accent after:absolute after:inset-0 after:rounded-card">
                  {title}
                </PageLink>
                <p className="mt-1 text-quiet text-sm">{description}</p>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </>
  );
}
