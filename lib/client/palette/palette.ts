import type { Words } from "#lib/text/words.ts";
import { type Command, matchCommands } from "./match-commands.ts";

/** The docs are asked once so much was typed. */
const SEARCH_CHARS_MIN = 2;
const LIST_ID = "palette-list";

/** `search` finds pages of the docs; it is called while somebody types, and may fail. */
type PaletteInput = { words: Words; commands: readonly Command[]; search: (query: string) => Promise<readonly Command[]> };

/**
 * Opens the command palette: a dialog with one field and what fits it. Arrows choose, Enter runs, Escape closes, and the focus returns to where it was.
 * It is made of plain elements, because it opens on documents too, which have no framework.
 */
export function openPalette({ words, commands, search }: PaletteInput): void {
  if (document.querySelector("dialog[open]")) return;
  const parts = buildDialog(words);
  const { dialog, field } = parts;
  let shown: readonly Command[] = [];
  let chosen = 0;

  const choose = (index: number): void => {
    chosen = Math.max(0, Math.min(index, shown.length - 1));
    showChosen(parts, chosen);
  };
  const show = (found: readonly Command[]): void => {
    shown = found;
    showList(parts, shown, { words, onRun: run });
    choose(0);
  };
  const run = (command: Command | undefined): void => {
    if (!command) return;
    dialog.close();
    command.run();
  };
  const ask = async (): Promise<void> => {
    const query = field.value;
    show(matchCommands(commands, query));
    if (query.trim().length < SEARCH_CHARS_MIN) return;
    const found = await search(query).catch(() => []);
    // An answer that comes after the next letter is none.
    if (field.value === query && found.length > 0) show([...matchCommands(commands, query), ...found]);
  };

  field.addEventListener("input", () => void ask());
  dialog.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined && event.key !== "Enter") return;
    event.preventDefault();
    if (step === undefined) run(shown[chosen]);
    else choose((chosen + step + shown.length) % Math.max(1, shown.length));
  });
  dialog.addEventListener("click", (event) => {
    if (event.target === dialog) dialog.close();
  });
  dialog.addEventListener("close", () => dialog.remove());
  // Beside the page's content, where its fonts hold: in a document the body has none.
  (document.querySelector("main")?.parentElement ?? document.body).append(dialog);
  dialog.showModal();
  show(matchCommands(commands, ""));
}

type Parts = { dialog: HTMLDialogElement; field: HTMLInputElement; list: HTMLUListElement; status: HTMLElement };

function buildDialog({ text }: Words): Parts {
  const { palette } = text.site;
  const field = element("input", "h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none placeholder:text-quiet", {
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    placeholder: palette.field,
    "aria-label": palette.field,
    "aria-expanded": "true",
    "aria-controls": LIST_ID,
    "aria-autocomplete": "list",
  });
  const list = element("ul", "max-h-[50dvh] overflow-y-auto p-2", { id: LIST_ID, role: "listbox", "aria-label": palette.title });
  const status = element("p", "border-line border-t px-4 py-2 text-quiet text-xs", { role: "status" });
  const dialog = element(
    "dialog",
    "mx-auto mt-[12vh] mb-auto w-[min(36rem,calc(100vw-2rem))] overflow-hidden rounded-card border border-line bg-surface p-0 text-ink shadow-lifted",
    { "aria-label": palette.title },
  );
  dialog.append(field, list, status);
  return { dialog, field, list, status };
}

type Showing = { words: Words; onRun: (command: Command) => void };

function showList({ list, status }: Parts, commands: readonly Command[], { words: { text, fill }, onRun }: Showing): void {
  list.replaceChildren(
    ...commands.map((command, i) => {
      const option = element("li", "flex cursor-pointer items-baseline gap-3 rounded-control px-2 py-2 text-sm aria-selected:bg-accent-soft", {
        id: optionId(i),
        role: "option",
      });
      const label = element("span", "min-w-0 flex-1 truncate");
      label.textContent = command.label;
      const kind = element("span", "shrink-0 text-quiet text-xs");
      kind.textContent = command.kind;
      option.append(label, kind);
      option.addEventListener("click", () => onRun(command));
      return option;
    }),
  );
  status.textContent = commands.length === 0 ? text.site.palette.none : fill(text.site.palette.count, { count: commands.length });
}

function showChosen({ list, field }: Parts, chosen: number): void {
  for (const [i, option] of [...list.children].entries()) option.setAttribute("aria-selected", String(i === chosen));
  const option = list.children[chosen];
  if (option) field.setAttribute("aria-activedescendant", option.id);
  else field.removeAttribute("aria-activedescendant");
  option?.scrollIntoView({ block: "nearest" });
}

const optionId = (index: number): string => `${LIST_ID}-${index}`;

function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  className: string,
  attributes: Readonly<Record<string, string>> = {},
): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  made.className = className;
  for (const [attribute, value] of Object.entries(attributes)) made.setAttribute(attribute, value);
  return made;
}
