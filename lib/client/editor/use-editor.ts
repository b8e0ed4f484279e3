import { useCallback, useEffect, useRef, useState } from "react";
import { EMPTY_FORM, type JobForm } from "../queries/submission/job-form.ts";
import { FIRST_INPUT, FIRST_SOURCE } from "./first-source.ts";
import { keepSource, readSource } from "./source-store.ts";
import { useCodeMirror } from "./use-code-mirror.ts";
import { useCompiler } from "./use-compiler.ts";

const CHECK_AFTER_MS = 900;
const ALL_LINES = "10000000";

/** The program being written, its compiler, and what it is tried with. The source is kept in this browser while it is written. */
export function useEditor(label: string) {
  const compiler = useCompiler();
  const [source, setSource] = useState(FIRST_SOURCE);
  const [input, setInput] = useState(FIRST_INPUT);
  const [args, setArgs] = useState("");
  const { view, isLoaded, compile } = compiler;
  const compileNow = () => compile(source);
  const code = useCodeMirror({
    initial: FIRST_SOURCE,
    label,
    diagnostics: view.source === source ? view.diagnostics : NONE,
    onChange: setSource,
    onRun: compileNow,
  });

  const restore = useRef(code.replace);
  useEffect(() => {
    const kept = readSource();
    if (kept !== null) restore.current(kept);
  }, []);
  useEffect(() => {
    if (source === FIRST_SOURCE) return;
    const timer = setTimeout(() => keepSource(source), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [source]);
  // Once the compiler is here, problems appear while the source is written.
  useEffect(() => {
    if (!isLoaded || view.source === null || view.source === source) return;
    const timer = setTimeout(() => compile(source), CHECK_AFTER_MS);
    return () => clearTimeout(timer);
  }, [isLoaded, view.source, source, compile]);

  const startOver = useCallback(() => {
    keepSource(null);
    restore.current(FIRST_SOURCE);
  }, []);
  const inputFile = useFile(input);
  const isOutdated = view.source !== null && view.source !== source;
  const form: JobForm = {
    ...EMPTY_FORM,
    name: "-",
    program: isOutdated ? null : view.program,
    input: inputFile,
    args,
    mode: "lines",
    linesPerShard: ALL_LINES,
  };
  return { code, compiler, compileNow, startOver, form, isOutdated, input, setInput, args, setArgs };
}

const NONE: never[] = [];

/** The text as a file that stays the same object until the text changes. */
function useFile(text: string): File {
  const held = useRef<{ text: string; file: File } | null>(null);
  if (held.current?.text !== text) held.current = { text, file: new File([text], "input.txt", { type: "text/plain" }) };
  return held.current.file;
}
