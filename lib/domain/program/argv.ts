/** What to put in place of each placeholder; one that is absent here is unknown. */
export type PlaceholderValues = Readonly<Record<string, string>>;

/** Why an argument cannot be filled; `placeholder` is null where a brace stands alone. */
export interface ArgumentProblem {
  argumentIndex: number;
  placeholder: string | null;
  message: string;
}

export type FilledArguments = { ok: true; args: string[] } | { ok: false; problem: ArgumentProblem };

/** `{{`, `}}`, `{name}`, or a brace that belongs to none of them. */
const BRACES = /\{\{|\}\}|\{([^{}]*)\}|[{}]/g;

/** Fills the argument template of a job for one shard; `{{` and `}}` become single braces. The first problem ends it. */
export function fillArguments(template: readonly string[], values: PlaceholderValues): FilledArguments {
  const args: string[] = [];
  for (const [argumentIndex, text] of template.entries()) {
    let problem: ArgumentProblem | null = null;
    const filled = text.replace(BRACES, (match: string, name: string | undefined) => {
      if (match === "{{") return "{";
      if (match === "}}") return "}";
      const value = name === undefined ? undefined : findValue(values, name);
      if (value === undefined) problem ??= describeProblem({ argumentIndex, match, name, values });
      return value ?? "";
    });
    if (problem !== null) return { ok: false, problem };
    args.push(filled);
  }
  return { ok: true, args };
}

/** The first problem of a template for jobs whose shards offer these placeholders, or null: what `fillArguments` would say for every shard. */
export function findArgumentProblem(template: readonly string[], placeholders: readonly string[]): ArgumentProblem | null {
  const filled = fillArguments(template, Object.fromEntries(placeholders.map((name) => [name, ""])));
  return filled.ok ? null : filled.problem;
}

function findValue(values: PlaceholderValues, name: string): string | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}

function describeProblem(found: { argumentIndex: number; match: string; name: string | undefined; values: PlaceholderValues }): ArgumentProblem {
  const { argumentIndex, match, name, values } = found;
  if (name === undefined) {
    const message = `The argument has a single ${match}. Write ${match}${match} for a literal brace.`;
    return { argumentIndex, placeholder: null, message };
  }
  const known = Object.keys(values)
    .map((placeholder) => `{${placeholder}}`)
    .join(", ");
  const offered = known === "" ? "No shard fills it in" : `This job offers ${known}`;
  const message = `The placeholder {${name}} is unknown here. ${offered}. Write {{${name}}} for literal braces.`;
  return { argumentIndex, placeholder: name, message };
}
