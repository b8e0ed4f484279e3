/**
 * Joins class names, and leaves out what is none. Where two contradict each other the style sheet's order decides and not theirs: a caller that must win writes
 * `w-auto!`. A library that would sort it out weighs more than any of our pages' own components.
 */
export function cn(...names: (string | false | null | undefined)[]): string {
  return names.filter(Boolean).join(" ");
}
