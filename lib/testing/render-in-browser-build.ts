import { build } from "esbuild";

/**
 * The markup that a browser's build of a component begins with. `source` is a module, resolved from the root, whose default export is an element. Tests
 * run under the condition of React's server components, where no component has a state; a bundle for the browser brings the React that pages have.
 */
export async function renderInBrowserBuild(source: string): Promise<string> {
  const entry = `import { renderToStaticMarkup } from "react-dom/server.browser"; import element from "source"; export const html = renderToStaticMarkup(element);`;
  const { outputFiles } = await build({
    stdin: { contents: entry, resolveDir: process.cwd(), loader: "tsx" },
    plugins: [
      {
        name: "source",
        setup: ({ onResolve, onLoad }) => {
          onResolve({ filter: /^source$/ }, () => ({ path: "source", namespace: "source" }));
          onLoad({ filter: /.*/, namespace: "source" }, () => ({ contents: source, resolveDir: process.cwd(), loader: "tsx" }));
        },
      },
    ],
    bundle: true,
    write: false,
    format: "esm",
    platform: "browser",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
    logLevel: "silent",
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString("base64");
  const { html } = (await import(/* @vite-ignore */ `data:text/javascript;base64,${code}`)) as { html: string };
  return html;
}
