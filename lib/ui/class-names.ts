import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Where two contradict each other the style sheet's order decides and not theirs: a caller that must win writes `w-auto!`. A library that
 * would sort it out weighs more than any of our pages' own components.
 */
export function cn(...values: ClassValue[]): string {
  return clsx(values);
}
