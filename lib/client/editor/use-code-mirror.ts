import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { javascript } from "@codemirror/lang-javascript";
import { bracketMatching, HighlightStyle, indentOnInput, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, setDiagnostics } from "@codemirror/lint";
import { EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";
import type { Diagnostic } from "#workers/compiler/compiler-contract.ts";

type CodeMirrorProps = {
  initial: string;
  label: string;
  diagnostics: readonly Diagnostic[];
  onChange: (source: string) => void;
  /** Ctrl or Cmd and Enter. */
  onRun: () => void;
};

/**
 * An editor inside the element that gets `host`. It lives in a shadow root, whose style sheets are objects: a style element would be refused by the page's
 * policy. `show` moves to a line and column.
 */
export function useCodeMirror({ initial, label, diagnostics, onChange, onRun }: CodeMirrorProps) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const calls = useRef({ onChange, onRun });
  calls.current = { onChange, onRun };
  const first = useRef({ initial, label });

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const run = () => {
      calls.current.onRun();
      return true;
    };
    const state = EditorState.create({
      doc: first.current.initial,
      extensions: [
        // Before the others, which bind the same keys to a new line.
        keymap.of([{ key: "Mod-Enter", run }]),
        ...EXTENSIONS,
        // The index says what an editable text is anyway, to whoever looks for what the keyboard reaches inside the part that scrolls.
        EditorView.contentAttributes.of({ "aria-label": first.current.label, tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) calls.current.onChange(update.state.doc.toString());
        }),
      ],
    });
    const made = new EditorView({ state, root, parent: root });
    view.current = made;
    return () => {
      made.destroy();
      view.current = null;
    };
  }, []);

  useEffect(() => {
    const { current } = view;
    if (!current) return;
    const shown = diagnostics.map(({ severity, message, ...place }) => ({ severity, message, ...rangeOf(current.state, place) }));
    current.dispatch(setDiagnostics(current.state, shown));
  }, [diagnostics]);

  const replace = (source: string) => view.current?.dispatch({ changes: { from: 0, to: view.current.state.doc.length, insert: source } });
  const show = (place: Omit<Diagnostic, "severity" | "message">) => {
    const { current } = view;
    if (!current) return;
    current.dispatch({ selection: { anchor: rangeOf(current.state, place).from }, scrollIntoView: true });
    current.focus();
  };
  return { host, replace, show };
}

function rangeOf({ doc }: EditorState, { line, column, endLine, endColumn }: Omit<Diagnostic, "severity" | "message">): { from: number; to: number } {
  const at = (no: number, offset: number) => {
    const found = doc.line(Math.min(Math.max(no, 1), doc.lines));
    return Math.min(found.from + offset - 1, found.to);
  };
  const from = at(line, column);
  return { from, to: Math.max(from, at(endLine, endColumn)) };
}

const COLOURS = HighlightStyle.define([
  { tag: [tags.keyword, tags.operatorKeyword, tags.modifier], color: "var(--color-accent)", fontWeight: "600" },
  { tag: [tags.string, tags.special(tags.string), tags.number, tags.bool], color: "var(--color-good)" },
  { tag: [tags.comment], color: "var(--color-quiet)", fontStyle: "italic" },
  { tag: [tags.typeName, tags.className], color: "var(--color-warn)" },
]);

const LOOK = EditorView.theme({
  "&": { fontSize: "0.8125rem", backgroundColor: "var(--color-surface)", color: "var(--color-ink)", height: "100%" },
  "&.cm-focused": { outline: "2px solid var(--color-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.55" },
  ".cm-content": { caretColor: "var(--color-ink)" },
  ".cm-cursor": { borderLeftColor: "var(--color-ink)" },
  ".cm-gutters": { backgroundColor: "var(--color-sunken)", color: "var(--color-quiet)", borderRight: "1px solid var(--color-line)" },
  ".cm-activeLine": { backgroundColor: "color-mix(in oklch, var(--color-accent-soft) 45%, transparent)" },
  ".cm-tooltip": { backgroundColor: "var(--color-surface)", color: "var(--color-ink)", border: "1px solid var(--color-edge)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, ::selection": { backgroundColor: "var(--color-accent-soft)" },
});

const EXTENSIONS = [
  lineNumbers(),
  history(),
  highlightActiveLine(),
  bracketMatching(),
  indentOnInput(),
  javascript({ typescript: true }),
  syntaxHighlighting(COLOURS),
  lintGutter(),
  LOOK,
  EditorView.lineWrapping,
  // Tab indents; Escape and then Tab leaves, as the page says.
  keymap.of([...defaultKeymap, ...historyKeymap, indentWithTab]),
];
