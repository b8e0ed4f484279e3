import { join } from "node:path";
import { build } from "esbuild";

/** The page's own code that runs the attempts, as a script to evaluate in a page. */
export async function bundleEscapeScript(): Promise<string> {
  const result = await build({ entryPoints: [join(import.meta.dirname, "escape-page.ts")], bundle: true, format: "iife", target: "es2022", write: false });
  const [output] = result.outputFiles;
  if (!output) throw new Error("esbuild wrote nothing.");
  return output.text;
}

/** A frame that says it cannot make workers, as a browser without data: workers in opaque frames would. */
export const FRAME_WITHOUT_WORKERS =
  "<!doctype html><script>addEventListener('message',({data:{op,id}})=>{if(op==='spawn')parent.postMessage({op:'failed',id,reason:'no workers'},'*')});" +
  "parent.postMessage({op:'ready'},'*')</script>";
