import type { ErrorParams } from "#lib/protocol/errors.ts";
import { en } from "./en.ts";
import { fill } from "./fill.ts";

/** The sentence of an error code, verdict reason or waiting reason with its parameters; null for a code that this page does not know. */
export function sayCode(code: string, params: ErrorParams = {}): string | null {
  const sentence = find(en.errors, code) ?? find(en.states.waitReasons, code);
  return sentence === undefined ? null : fill(sentence, inWords(params));
}

/** What to tell a person about anything that was thrown. */
export function sayError(error: unknown): string {
  if (error instanceof Error && error.name === "ApiError" && "code" in error && "params" in error) {
    return sayCode(String(error.code), error.params as ErrorParams) ?? error.message;
  }
  if (error instanceof Error && error.name === "OfflineError") return en.site.unreachable;
  return error instanceof Error ? error.message : String(error);
}

function find<T>(catalogue: Readonly<Record<string, T>>, code: string): T | undefined {
  return Object.hasOwn(catalogue, code) ? catalogue[code] : undefined;
}

/** Parameters that are words of the protocol become words of the page. */
function inWords(params: ErrorParams): ErrorParams {
  const outcome = find({ ...en.states.outcomes, ...en.states.noVerdicts }, String(params.outcome));
  const state = find(en.states.jobStates, String(params.state))?.label.toLowerCase();
  return { ...params, ...(outcome ? { outcome } : {}), ...(state ? { state } : {}) };
}
