/** Where it is kept that somebody turned the letter shortcuts off; nothing is kept while they are on. */
const LETTERS_KEY = "shoal.letter-keys";
const changed = new EventTarget();

export function mayUseLetters(): boolean {
  try {
    return localStorage.getItem(LETTERS_KEY) !== "off";
  } catch {
    return true;
  }
}

/** Turns the letter shortcuts on or off in this browser, where it lets us remember that. */
export function setLetters(isOn: boolean): void {
  try {
    if (isOn) localStorage.removeItem(LETTERS_KEY);
    else localStorage.setItem(LETTERS_KEY, "off");
  } catch {
    // Storage is forbidden here: nothing is remembered, and the switch shows what holds.
  }
  changed.dispatchEvent(new Event("change"));
}

/** Calls back when they were turned on or off on this page; returns how to stop that. */
export function subscribeLetters(onChange: () => void): () => void {
  changed.addEventListener("change", onChange);
  return () => changed.removeEventListener("change", onChange);
}
