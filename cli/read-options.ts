import { type ParseArgsOptionsConfig, parseArgs } from "node:util";
import { UsageError } from "./terminal.ts";

type Read<T extends ParseArgsOptionsConfig> = ReturnType<typeof parseArgs<{ options: T; allowPositionals: true; strict: true }>>;

/** Reads a command's options and its positionals by name; what is unknown, missing or too much is refused in words. */
export function readOptions<T extends ParseArgsOptionsConfig>(
  args: string[],
  options: T,
  names: readonly string[] = [],
): { values: Read<T>["values"]; named: string[] } {
  const { values, positionals } = parse(args, options);
  const missing = names[positionals.length];
  if (missing !== undefined) throw new UsageError(`${missing} is missing.`);
  if (positionals.length > names.length) throw new UsageError(`“${positionals[names.length]}” is one argument too many.`);
  return { values, named: positionals };
}

/** A whole number within bounds, or undefined when the option was not given. */
export function readNumber(name: string, text: string | undefined, bounds: { min: number; max: number }): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < bounds.min || value > bounds.max)
    throw new UsageError(`--${name} must be a whole number from ${bounds.min} to ${bounds.max}, not “${text}”.`);
  return value;
}

/** The total of `--total` in millionths, above zero; refused with what it is the total of. */
export function readTotal(text: string | undefined, of: string): bigint {
  if (!/^[1-9]\d{0,17}$/.test(text ?? "")) throw new UsageError(`--total must be ${of}, in all, in millionths: 1500000 are one and a half.`);
  return BigInt(text ?? "");
}

function parse<T extends ParseArgsOptionsConfig>(args: string[], options: T): Read<T> {
  try {
    return parseArgs({ args, options, allowPositionals: true, strict: true }) as Read<T>;
  } catch (error) {
    const known = Object.keys(options)
      .map((name) => `--${name}`)
      .join(", ");
    const [sentence = "The options are not right."] = (error instanceof Error ? error.message : String(error)).split(/(?<=\.) /);
    throw new UsageError(`${sentence.replace(/\.?$/, ".")} This command knows ${known === "" ? "no options" : known}.`);
  }
}
