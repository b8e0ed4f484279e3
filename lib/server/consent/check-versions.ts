import "server-only";
import { ApiError } from "#lib/protocol/errors.ts";
import { LEGAL_TEXTS, type LegalTextName } from "#lib/protocol/legal/legal.ts";
import type { Services } from "../context.ts";
import { readLegalText } from "../docs/read-legal-text.ts";

/** What somebody says to agree to: the version of each text, as far as they name one. */
export type NamedVersions = { [Name in LegalTextName]?: string | undefined };
export type AgreedText = { document: LegalTextName; version: string };

/**
 * The named texts, each of which stands in this very version now. Throws `text_changed`, naming the version that holds, for any other: nobody agrees to a
 * text that is gone, is still to come, or never was.
 */
export async function checkVersions({ config }: Pick<Services, "config">, named: NamedVersions): Promise<AgreedText[]> {
  const agreed: AgreedText[] = [];
  for (const document of LEGAL_TEXTS) {
    const version = named[document];
    if (version === undefined) continue;
    const { version: want } = await readLegalText(document, config.legalFolder);
    if (version !== want) throw new ApiError("text_changed", { document, want, got: version });
    agreed.push({ document, version });
  }
  return agreed;
}
