import type { LegalView, ShownVersions } from "#lib/protocol/legal/legal.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";

/** To which texts Start agrees, each with its version and where it is read. */
export function Agreement({ legal }: { legal: LegalView }) {
  const {
    text: { volunteer: text },
    fill,
  } = useWords();
  return (
    <p className="mt-4 text-quiet text-sm">
      {text.agreement.lead}{" "}
      {legal.texts.map(({ document, version }) => (
        <a key={document} href={`/${document}`} target="_blank" rel="noreferrer" className="mr-3 rounded-control underline underline-offset-4 hover:text-ink">
          {fill(text.agreement[document], { version })}
        </a>
      ))}
    </p>
  );
}

/** The versions that are shown; undefined until they are. */
export function shownVersions(legal: LegalView | null): ShownVersions | undefined {
  const versionOf = (name: keyof ShownVersions) => legal?.texts.find(({ document }) => document === name)?.version;
  const [privacy, terms] = [versionOf("privacy"), versionOf("terms")];
  return privacy === undefined || terms === undefined ? undefined : { privacy, terms };
}
