import { compile } from "./compile.ts";
import type { CompileAnswer, CompileRequest } from "./compiler-contract.ts";

/** Compiles one source after the other and answers with what became of it. */
self.onmessage = async ({ data }: MessageEvent<CompileRequest>) => {
  const begin = performance.now();
  const answer: CompileAnswer = { id: data.id, ...(await compile(data.source)), ms: performance.now() - begin };
  self.postMessage(answer);
};
self.postMessage("ready");
