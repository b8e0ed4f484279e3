export type CommandLine = { ok: true; args: string[] } | { ok: false; problem: "quote_open" };

const PLAIN = /^[A-Za-z0-9_@%+=:,./{}-]+$/;
/** A run of plain text, a text in single or double quotes, or a backslash with what it protects. */
const PART = /[^\s'"\\]+|'[^']*'|"(?:[^"\\]|\\[\s\S])*"|\\[\s\S]/y;

/** Splits a command line into arguments as a shell does: blanks separate, quotes hold together, a backslash takes the next character as it is. */
export function splitCommandLine(text: string): CommandLine {
  const args: string[] = [];
  let at = 0;
  while (at < text.length) {
    const blanks = /\s*/y;
    blanks.lastIndex = at;
    at += blanks.exec(text)?.[0].length ?? 0;
    if (at >= text.length) break;
    let argument = "";
    while (at < text.length && !/\s/.test(text.charAt(at))) {
      PART.lastIndex = at;
      const part = PART.exec(text)?.[0];
      if (part === undefined) return { ok: false, problem: "quote_open" };
      argument += unquote(part);
      at += part.length;
    }
    args.push(argument);
  }
  return { ok: true, args };
}

function unquote(part: string): string {
  if (part.startsWith("'")) return part.slice(1, -1);
  if (part.startsWith('"')) return part.slice(1, -1).replace(/\\(["\\])/g, "$1");
  return part.startsWith("\\") ? part.slice(1) : part;
}

/** Writes arguments as a command line that splits into the same arguments. */
export function joinCommandLine(args: readonly string[]): string {
  return args.map((argument) => (PLAIN.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`)).join(" ");
}
