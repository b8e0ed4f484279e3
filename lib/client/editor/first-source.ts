/** The program that the editor begins with: the most frequent words of a text, as in the guide. */
export const FIRST_SOURCE = `import { readInput, writeOutput } from "./shoal";

const ROWS = 10;

class Row {
  constructor(
    public word: string,
    public count: i32,
  ) {}
}

function isLetter(code: i32): bool {
  return code >= 97 && code <= 122;
}

function countWords(text: string): Row[] {
  const counts = new Map<string, i32>();
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    if (at < text.length && isLetter(text.charCodeAt(at))) continue;
    if (at > start) {
      const word = text.substring(start, at);
      counts.set(word, (counts.has(word) ? counts.get(word) : 0) + 1);
    }
    start = at + 1;
  }
  const words = counts.keys();
  const rows = new Array<Row>(0);
  for (let i = 0; i < words.length; i++) rows.push(new Row(words[i], counts.get(words[i])));
  return rows.sort((a, b) => (a.count != b.count ? b.count - a.count : a.word < b.word ? -1 : 1));
}

const rows = countWords(readInput().toLowerCase());
writeOutput("word,count\\n");
for (let i = 0; i < rows.length && i < ROWS; i++) {
  writeOutput(rows[i].word + "," + rows[i].count.toString() + "\\n");
}
`;

/** Something for it to read. */
export const FIRST_INPUT = `When in the Course of human events, it becomes necessary for one people
to dissolve the political bands which have connected them with another
`;
