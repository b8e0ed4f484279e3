import type { Words } from "#lib/text/words.ts";
import { PAGE_COMMANDS } from "#lib/ui/shell/page-commands.ts";
import { KeySequence } from "./key-sequence.ts";
import { mayUseLetters } from "./letter-keys.ts";
import { type Go, listCommands } from "./list-commands.ts";

const TYPING = "input, textarea, select, [contenteditable], dialog, [role=slider]";

/**
 * Makes the shell's keys and its button for the palette work, on a page of whichever kind; returns how to stop that. The palette's own code is loaded when it
 * is first opened. ⌘K or Ctrl+K holds always, letters only while nothing is being typed and they were not turned off (WCAG 2.1.4).
 */
export function installKeys(words: Words, go: Go): () => void {
  const end = new AbortController();
  const sequence = new KeySequence([...PAGE_COMMANDS.flatMap(({ keys }) => (keys ? [keys] : [])), ["/"]]);
  const open = async (): Promise<void> => {
    // What it needs of this page is given to it: sharing modules with it would make a second script of every document.
    const { openSitePalette } = await import("./open-site-palette.ts");
    openSitePalette({ words, commands: listCommands(words, go), go });
  };
  const onKey = (event: KeyboardEvent): void => {
    const isPaletteKey = isCommandK(event);
    const typed = !isPaletteKey && isLetter(event) ? sequence.type(event.key, event.timeStamp) : null;
    if (!isPaletteKey && !typed) return;
    event.preventDefault();
    const page = PAGE_COMMANDS.find(({ keys }) => keys !== undefined && keys === typed);
    if (page) go(page.href);
    else void open();
  };
  const onClick = (event: MouseEvent): void => {
    if (event.target instanceof Element && event.target.closest("[data-palette]")) void open();
  };
  document.addEventListener("keydown", onKey, { signal: end.signal });
  document.addEventListener("click", onClick, { signal: end.signal });
  return () => end.abort();
}

function isCommandK({ key, metaKey, ctrlKey, shiftKey, altKey }: KeyboardEvent): boolean {
  return key.toLowerCase() === "k" && (metaKey || ctrlKey) && !shiftKey && !altKey;
}

/** A key that is meant for the page: pressed by itself, while nothing is being typed. */
function isLetter({ metaKey, ctrlKey, altKey, repeat, defaultPrevented, target }: KeyboardEvent): boolean {
  if (metaKey || ctrlKey || altKey || repeat || defaultPrevented) return false;
  return !(target instanceof Element && target.closest(TYPING)) && mayUseLetters();
}
