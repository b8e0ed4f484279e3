import type { Api } from "#lib/client/api/api.ts";
import { getLegal, type LegalTextName } from "#lib/protocol/legal/legal.ts";
import type { Terminal } from "./terminal.ts";

/** Says that who goes on agrees to these texts of the instance, in which version and where each can be read; returns the versions it named. */
export async function showTexts<Name extends LegalTextName>(
  api: Api,
  names: readonly Name[],
  { terminal, signal }: { terminal: Terminal; signal: AbortSignal },
): Promise<Record<Name, string>> {
  const { texts } = await api.call(getLegal, {}, { signal });
  const versions = names.map((name): [Name, string] => {
    const text = texts.find(({ document }) => document === name);
    if (!text) throw new Error(`the instance has no text ${name}`);
    terminal.tell(`By going on you agree to ${text.url}, version ${text.version}.`);
    return [name, text.version];
  });
  return Object.fromEntries(versions) as Record<Name, string>;
}
