import type { ErrorParams } from "#lib/protocol/errors.ts";
import type { Catalogue } from "./catalogue.ts";
import { type Format, formatOf } from "./format/create-format.ts";
import type { Language } from "./languages.ts";
import { translatePhrase } from "./translate-phrase.ts";

type Params = Readonly<Record<string, string | number>>;

/** Everything that is said to one person: the sentences of their language, and how it writes numbers and times. */
export type Words = {
  language: Language;
  text: Catalogue;
  format: Format;
  /** Fills `{name}` and `{name, bytes|duration|money|number}` in a sentence; a parameter that is missing stays visible as its name. */
  fill(sentence: string, params?: Params): string;
  /** The sentence of an error code, verdict reason or waiting reason with its parameters; null for a code that this page does not know. Needs `errors` and `states`. */
  sayCode(code: string, params?: ErrorParams): string | null;
  /** A part of a sentence that the instance said in English, in the reader's language where `phrases` has it and the page was given them. */
  sayPhrase(phrase: string): string;
  /** What to tell a person about anything that was thrown. Needs `errors` and `states`. */
  sayError(error: unknown): string;
  /** The code of an error of the instance under which the docs explain it; null for what has none, or one that this page does not know. Needs `errors`. */
  codeOf(error: unknown): string | null;
};

/** Words from a catalogue, or from the sections of one that a page was given; reading another section throws. */
export function createWords(language: Language, sections: Partial<Catalogue>): Words {
  const format = formatOf(language);
  const text = new Proxy(sections as Catalogue, {
    get: (target, section) => {
      if (typeof section === "string" && !Object.hasOwn(target, section)) throw new Error(`this page was not given the section "${section}" of the catalogue`);
      return Reflect.get(target, section);
    },
  });
  const fill: Words["fill"] = (sentence, params = {}) => fillSentence(format, sentence, params);
  const sayPhrase: Words["sayPhrase"] = (phrase) => {
    const phrases = Object.hasOwn(sections, "phrases") ? text.phrases : {};
    return translatePhrase(phrases, phrase, (name, value) => (name === "state" ? (find(text.states.jobStates, value)?.label ?? value) : value));
  };
  const sayCode: Words["sayCode"] = (code, params = {}) => {
    const sentence = find(text.errors, code) ?? find(text.states.waitReasons, code);
    return sentence === undefined ? null : fill(sentence, inWords(text, params, sayPhrase));
  };
  const codeOf: Words["codeOf"] = (error) => {
    const code = error instanceof Error && error.name === "ApiError" && "code" in error ? String(error.code) : "";
    return find(text.errors, code) === undefined ? null : code;
  };
  return { language, text, format, fill, sayCode, sayPhrase, codeOf, sayError: (error) => sayError({ text, sayCode }, error) };
}

function sayError({ text, sayCode }: Pick<Words, "text" | "sayCode">, error: unknown): string {
  if (error instanceof Error && error.name === "ApiError" && "code" in error && "params" in error) {
    return sayCode(String(error.code), error.params as ErrorParams) ?? error.message;
  }
  if (error instanceof Error && error.name === "OfflineError") return text.site.unreachable;
  return error instanceof Error ? error.message : String(error);
}

function fillSentence(format: Format, sentence: string, params: Params): string {
  return sentence.replace(/\{(\w+)(?:, (\w+))?\}/g, (whole, name: string, kind?: string) => {
    const value = Object.hasOwn(params, name) ? params[name] : undefined;
    return value === undefined ? whole : writeParam(format, value, kind);
  });
}

function writeParam(format: Format, value: string | number, kind: string | undefined): string {
  if (kind === "bytes") return format.bytes(Number(value));
  if (kind === "duration") return format.duration(Number(value));
  if (kind === "money") return format.money(String(value));
  if (kind === "number" && Number.isFinite(Number(value))) return format.number(Number(value));
  return String(value);
}

/** Parameters of a refusal that are said in words; names that people gave are none of them. */
const PHRASES = ["problem", "what", "need", "document", "records", "format"] as const;

/** Parameters that are words of the protocol become words of the page. */
function inWords(text: Catalogue, params: ErrorParams, sayPhrase: Words["sayPhrase"]): ErrorParams {
  const { outcomes, noVerdicts, jobStates } = text.states;
  const outcome = find({ ...outcomes, ...noVerdicts }, String(params.outcome));
  const state = find(jobStates, String(params.state))?.label.toLowerCase();
  const said = Object.fromEntries(PHRASES.filter((name) => params[name] !== undefined).map((name) => [name, sayPhrase(String(params[name]))]));
  return { ...params, ...said, ...(outcome ? { outcome } : {}), ...(state ? { state } : {}) };
}

function find<T>(catalogue: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
}
