import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";
import * as lines from "./lines.ts";

/** Tests stand on the server's side of React, where lucide-react cannot be read: another process draws its icons. */
const DRAW = `
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import * as lucide from "lucide-react";
const names = JSON.parse(process.argv[1]);
console.log(JSON.stringify(names.map((name) => renderToStaticMarkup(createElement(lucide[name])).replace(/^<svg[^>]*>|<.svg>$/g, ""))));
`;

test("the icons that every page carries are drawn as lucide draws them", () => {
  const entries = Object.entries(lines);
  const names = entries.map(([name]) => name.charAt(0).toUpperCase() + name.slice(1));
  const options = { cwd: join(import.meta.dirname, "../../.."), encoding: "utf8" } as const;
  const drawn = JSON.parse(execFileSync(process.execPath, ["--input-type=module", "-e", DRAW, JSON.stringify(names)], options));
  const ours = entries.map(([, drawing]) => drawing.map(([tag, attributes]) => `<${tag}${write(attributes)}></${tag}>`).join(""));
  expect(ours).toEqual(drawn);
});

function write(attributes: Readonly<Record<string, string>>): string {
  return Object.entries(attributes)
    .map(([name, value]) => ` ${name}="${value}"`)
    .join("");
}
