import { useCallback, useEffect, useRef, useState } from "react";
import type { CompileAnswer, Diagnostic } from "#workers/compiler/compiler-contract.ts";

const COMPILER_URL = "/compiler/compiler.js";
const COMPILE_MS_MAX = 60_000;

/**
 * `idle`: nothing was compiled. `loading`: the compiler is on its way. `compiling`; `stopped`: it took too long or broke off, and begins anew with the next
 * source. `done`: `program` and `diagnostics` are those of `source`.
 */
export type CompilerView = {
  state: "idle" | "loading" | "compiling" | "stopped" | "done";
  source: string | null;
  program: File | null;
  diagnostics: readonly Diagnostic[];
  ms: number;
};
const NOTHING: CompilerView = { state: "idle", source: null, program: null, diagnostics: [], ms: 0 };
const PROGRAM_NAME = "program.wasm";

/** The compiler, in a worker of its own that is loaded when it is first needed and replaced when it does not answer. */
export function useCompiler(): { view: CompilerView; isLoaded: boolean; compile: (source: string) => void; stop: () => void } {
  const [view, setView] = useState(NOTHING);
  const [isLoaded, setLoaded] = useState(false);
  const worker = useRef<Worker | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const newest = useRef({ id: 0, source: "" });
  const isReady = useRef(false);

  const drop = useCallback(() => {
    clearTimeout(timer.current);
    worker.current?.terminate();
    worker.current = null;
    isReady.current = false;
    setLoaded(false);
  }, []);
  const stop = useCallback(() => {
    drop();
    setView((current) => ({ ...current, state: "stopped" }));
  }, [drop]);
  useEffect(() => drop, [drop]);

  const open = useCallback(() => {
    const opened = new Worker(COMPILER_URL, { type: "module" });
    opened.onmessage = ({ data }: MessageEvent<CompileAnswer | "ready">) => {
      if (data === "ready") {
        isReady.current = true;
        setLoaded(true);
        // What was sent while the module still awaited its WebAssembly would have reached nobody.
        opened.postMessage(newest.current);
        setView((current) => (current.state === "loading" ? { ...current, state: "compiling" } : current));
        return;
      }
      // An answer to a source that was replaced meanwhile says nothing about the present one.
      if (data.id !== newest.current.id) return;
      clearTimeout(timer.current);
      const program = data.program && new File([data.program], PROGRAM_NAME, { type: "application/wasm" });
      setView({ state: "done", source: newest.current.source, program, diagnostics: data.diagnostics, ms: data.ms });
    };
    opened.onerror = stop;
    return opened;
  }, [stop]);

  const compile = useCallback(
    (source: string) => {
      worker.current ??= open();
      newest.current = { id: newest.current.id + 1, source };
      clearTimeout(timer.current);
      timer.current = setTimeout(stop, COMPILE_MS_MAX);
      setView((current) => ({ ...current, state: isReady.current ? "compiling" : "loading" }));
      if (isReady.current) worker.current.postMessage(newest.current);
    },
    [open, stop],
  );
  return { view, isLoaded, compile, stop };
}
