/** What stands in place of the braces of an English phrase: all of it that varies, by name. */
type Phrase = { pattern: RegExp; translation: string };

const compiled = new WeakMap<Readonly<Record<string, string>>, Phrase[]>();

/**
 * A phrase that the instance said in English, as `phrases` has it; unchanged where it is not among them. `sayVarying` writes what stood in a place in braces.
 */
export function translatePhrase(phrases: Readonly<Record<string, string>>, phrase: string, sayVarying: (name: string, value: string) => string): string {
  if (Object.hasOwn(phrases, phrase)) return phrases[phrase] ?? phrase;
  for (const { pattern, translation } of patternsOf(phrases)) {
    const groups = pattern.exec(phrase)?.groups;
    if (groups) return translation.replace(/\{(\w+)\}/g, (_, name: string) => sayVarying(name, groups[name] ?? ""));
  }
  return phrase;
}

function patternsOf(phrases: Readonly<Record<string, string>>): Phrase[] {
  const known = compiled.get(phrases) ?? compile(phrases);
  compiled.set(phrases, known);
  return known;
}

function compile(phrases: Readonly<Record<string, string>>): Phrase[] {
  return Object.entries(phrases)
    .filter(([english]) => english.includes("{"))
    .map(([english, translation]) => {
      const parts = english.split(/\{(\w+)\}/).map((part, i) => (i % 2 === 1 ? `(?<${part}>.+)` : part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")));
      return { pattern: new RegExp(`^${parts.join("")}$`), translation };
    });
}
