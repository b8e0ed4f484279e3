import "server-only";
import { LEGAL_TEXTS, type LegalView } from "#lib/protocol/legal/legal.ts";
import type { Context } from "../context.ts";
import { readLegalText } from "../docs/read-legal-text.ts";

/** The texts that people agree to, as they stand now, for everybody. */
export async function getLegal({ config }: Context): Promise<LegalView> {
  const texts = LEGAL_TEXTS.map(async (document) => {
    const { version } = await readLegalText(document, config.legalFolder);
    return { document, version, url: `${config.origin}/${document}` };
  });
  return { texts: await Promise.all(texts) };
}
