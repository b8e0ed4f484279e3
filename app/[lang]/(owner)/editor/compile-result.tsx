import type { CompilerView } from "#lib/client/editor/use-compiler.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Note } from "#lib/ui/display/note.tsx";
import type { Diagnostic } from "#workers/compiler/compiler-contract.ts";

type ResultProps = { view: CompilerView; isOutdated: boolean; onShow: (diagnostic: Diagnostic) => void };

/** What became of compiling: the program's size, or each problem with the way to its line. */
export function CompileResult({ view, isOutdated, onShow }: ResultProps) {
  const { text, fill, format } = useWords();
  const { editor: words } = text;
  return (
    <div aria-live="polite" className="mt-4 grid gap-3 empty:hidden">
      {view.state === "loading" ? <Note>{words.loading}</Note> : null}
      {view.state === "compiling" ? <Note>{words.compiling}</Note> : null}
      {view.state === "stopped" ? <Note tone="warn">{words.stopped}</Note> : null}
      {view.state === "done" && isOutdated ? <Note tone="warn">{words.outdated}</Note> : null}
      {view.state === "done" && view.program && !isOutdated ? (
        <Note>{fill(words.compiled, { duration: format.duration(view.ms), size: view.program.size })}</Note>
      ) : null}
      {view.diagnostics.length > 0 && !isOutdated ? (
        <Note tone={view.program ? "warn" : "bad"} title={words.problems}>
          <ul className="mt-1 space-y-1">
            {view.diagnostics.map((diagnostic) => (
              <li key={`${diagnostic.line}:${diagnostic.column}:${diagnostic.message}`}>
                <button type="button" className="rounded-control text-left underline underline-offset-4" onClick={() => onShow(diagnostic)}>
                  {fill(words.place, { line: diagnostic.line, column: diagnostic.column })}
                </button>
                {`: ${diagnostic.message}`}
              </li>
            ))}
          </ul>
        </Note>
      ) : null}
    </div>
  );
}
