/** The entries of a setting that lists several, separated by commas; none where it is empty. */
export function splitList(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}
