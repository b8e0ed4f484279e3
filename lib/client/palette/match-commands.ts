export type Command = {
  id: string;
  label: string;
  /** Of which kind it is, in words; shown beside it and not searched. */
  kind: string;
  run: () => void;
};

/** The commands that have a word beginning with each word of the query, those whose label begins with it first; all of them where nothing is asked for. */
export function matchCommands(commands: readonly Command[], query: string): Command[] {
  const asked = wordsOf(query);
  const found = commands.filter(({ label }) => {
    const words = wordsOf(label);
    return asked.every((start) => words.some((word) => word.startsWith(start)));
  });
  const isFirst = ({ label }: Command): number => (wordsOf(label)[0]?.startsWith(asked[0] ?? "") ? 0 : 1);
  return asked.length === 0 ? found : found.toSorted((a, b) => isFirst(a) - isFirst(b));
}

/** Words in small letters without accents, so that "schlussel" finds "Schlüssel". */
function wordsOf(text: string): string[] {
  const plain = text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
  return plain.split(/[^\p{L}\p{N}]+/u).filter((word) => word !== "");
}
