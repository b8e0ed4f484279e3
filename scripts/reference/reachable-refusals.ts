import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { ERROR_CODES, type ErrorCode } from "../../lib/protocol/errors.ts";

const ROOT = join(import.meta.dirname, "..", "..");

/** A declaration that stands at the left margin, as the formatter leaves every one, up to the next of them. */
const DECLARATION = /^(?:export )?(?:default )?(?:declare )?(?:abstract )?(?:async )?(function\*?|const|let|class|type|interface|enum) (\w+)/;
const IMPORT = /^import (?:type )?(?:(\w+),? ?)?(?:\{([^}]*)\} )?from "([^"]+)";/gm;
const DOOR = /\b(?:handle\w*|exchangeDoor)\b/;

type Module = { imports: ReadonlyMap<string, { path: string; name: string }>; declarations: ReadonlyMap<string, string> };

/** What the door itself throws, told of all doors in one place, `lib/protocol/refusals.ts`. What clients refuse as the server does throws for a command too. */
const NOT_FOLLOWED = [/^lib\/server\/http\//, /^lib\/protocol\/(?!jobs\/refuse-program\.ts)/, /^lib\/server\/services\.ts$/];
/** Who may call is asked in words that say what they throw, so they are read where they stand and not followed. */
const ASKING = /^lib\/server\/principal\.ts |^lib\/server\/jobs\/get-job\.ts getOwnJob$/;
const ASKED: readonly [RegExp, readonly ErrorCode[]][] = [
  [/\brequireAccount\(/, ["unauthenticated"]],
  [/\brequireAccount\([^,)]+,/, ["key_scope"]],
  [/\brequireOperator\(/, ["unauthenticated", "key_scope", "forbidden"]],
  [/\brequireSession\(/, ["unauthenticated", "forbidden"]],
  [/\brequireFreshSession\(/, ["unauthenticated", "forbidden", "session_old"]],
  [/\brequireWallet\(/, ["wallet_needed"]],
  [/\brequireDevice\(/, ["unauthenticated"]],
  [/\bgetOwnJob\(/, ["not_found"]],
  // Whoever sees a job may read it; only more than that can be missing.
  [/\bgetOwnJob\([^)]*"(?:manage|owner)"/, ["forbidden"]],
];

/**
 * For each endpoint, by `METHOD /path`, the codes that its command can throw, read from the source: from the route on, whatever a declaration names is followed into its
 * own. A declaration that is named counts as called, so that nothing is missed; what only stands in a comment does not count.
 */
export function reachableRefusals(): ReadonlyMap<string, ReadonlySet<ErrorCode>> {
  const modules = new Map<string, Module>();
  const load = (path: string): Module => {
    const known = modules.get(path) ?? parseModule(path);
    modules.set(path, known);
    return known;
  };
  const found = new Map<string, ReadonlySet<ErrorCode>>();
  for (const route of globSync("app/api/v1/**/route.ts", { cwd: ROOT })) {
    const path = `/${dirname(route).slice("app/".length)}`.replace(/\[(\w+)\]/g, "{$1}");
    for (const [name, text] of load(route).declarations) if (DOOR.test(text)) found.set(`${name} ${path}`, codesFrom(route, name, load));
  }
  return found;
}

function codesFrom(path: string, name: string, load: (path: string) => Module): ReadonlySet<ErrorCode> {
  const codes = new Set<ErrorCode>();
  const seen = new Set<string>();
  const waiting = [{ path, name }];
  for (let at = waiting.pop(); at; at = waiting.pop()) {
    const place = `${at.path} ${at.name}`;
    if (seen.has(place) || ASKING.test(place) || NOT_FOLLOWED.some((pattern) => pattern.test(at.path))) continue;
    seen.add(place);
    const module = load(at.path);
    const text = module.declarations.get(at.name) ?? "";
    for (const code of thrownIn(text)) codes.add(code);
    waiting.push(...namedIn(text, module, at.path));
  }
  return codes;
}

function namedIn(text: string, { imports, declarations }: Module, path: string): { path: string; name: string }[] {
  return [...new Set(text.match(/\b[A-Za-z_]\w*\b/g))].flatMap((name) => imports.get(name) ?? (declarations.has(name) ? { path, name } : []));
}

/** Codes that stand in the first argument of an ApiError, in a refusal that becomes one, and in who may call. */
function thrownIn(text: string): ErrorCode[] {
  const first = [...text.matchAll(/new ApiError\(([^{)]*)/g)].flatMap(([, argument = ""]) => [...argument.matchAll(/"(\w+)"/g)].map(([, code]) => code));
  const inType = text.startsWith("export type ") ? [...text.matchAll(/\bcode: "(\w+)"/g)].map(([, code]) => code) : [];
  const literal = [...first, ...inType].filter((code): code is ErrorCode => code !== undefined && Object.hasOwn(ERROR_CODES, code));
  return [...literal, ...ASKED.flatMap(([pattern, codes]) => (pattern.test(text) ? codes : []))];
}

function parseModule(path: string): Module {
  const source = readFileSync(join(ROOT, path), "utf8")
    .replace(/\/\*[\s\S]*?\*\//g, "")
    .replace(/(^|\s)\/\/.*$/gm, "$1");
  const imports = new Map<string, { path: string; name: string }>();
  for (const [, , names = "", from = ""] of source.matchAll(IMPORT)) {
    const target = resolveImport(path, from);
    if (target === null) continue;
    for (const entry of names.split(",")) {
      const [name = "", local = name] = entry
        .trim()
        .replace(/^type /, "")
        .split(" as ");
      if (name) imports.set(local, { path: target, name });
    }
  }
  const declarations = new Map<string, string>();
  let open: { name: string; lines: string[] } | null = null;
  for (const line of source.split("\n")) {
    const name = DECLARATION.exec(line)?.[2];
    if (name !== undefined) {
      open = { name, lines: [] };
      declarations.set(name, "");
    }
    if (!open || line.startsWith("import ")) continue;
    open.lines.push(line);
    declarations.set(open.name, open.lines.join("\n"));
  }
  return { imports, declarations };
}

function resolveImport(from: string, name: string): string | null {
  if (name.startsWith("#")) return name.slice(1);
  if (!name.startsWith(".")) return null;
  const path = relative(ROOT, join(ROOT, dirname(from), name));
  return existsSync(join(ROOT, path)) ? path : null;
}
