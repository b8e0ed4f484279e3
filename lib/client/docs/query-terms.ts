/** Words of a question that say nothing about its subject. */
const FILLERS = new Set(
  "a about am an and any are as at be by can could did do does for from get has have how i if in into is it its me my of on or our so that the their them there they this to us was we what when where which who why will with would you your".split(
    " ",
  ),
);

const STEM_CHARS_MIN = 3;
/** Endings behind which the same word stands; the first that fits is cut. */
const ENDINGS = [/(?<=if)(?:ies|ied|y)$/, /(?:ings?|ed|es)$/, /(?<![su])s$/, /(?<=.{3}[^aeiou])e$/];

/**
 * The words of a question to look for: without fillers, and without the ending of each, since half a word finds the whole one. A question of fillers
 * alone keeps them.
 */
export function queryTerms(query: string): string[] {
  const words = query
    .toLowerCase()
    .split(/[\s\p{P}]+/u)
    .filter((word) => word !== "");
  const telling = words.filter((word) => !FILLERS.has(word));
  return (telling.length > 0 ? telling : words).map(stemOf);
}

function stemOf(word: string): string {
  const ending = ENDINGS.find((candidate) => candidate.test(word));
  const stem = ending ? word.replace(ending, "") : word;
  return stem.length >= STEM_CHARS_MIN ? stem : word;
}
