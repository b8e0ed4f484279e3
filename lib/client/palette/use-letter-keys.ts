import { useSyncExternalStore } from "react";
import { mayUseLetters, setLetters, subscribeLetters } from "./letter-keys.ts";

/** Whether letter shortcuts hold in this browser, and how to turn them on or off. */
export function useLetterKeys(): [isOn: boolean, turn: (isOn: boolean) => void] {
  return [useSyncExternalStore(subscribeLetters, mayUseLetters, () => true), setLetters];
}
