import type { Metadata } from "next";
import { connection } from "next/server";
import type { ReactNode } from "react";
import type { LegalTextName } from "#lib/protocol/legal/legal.ts";
import { readLegalText } from "#lib/server/docs/read-legal-text.ts";
import { getServices } from "#lib/server/services.ts";
import { DocView } from "#lib/ui/docs/doc-view.tsx";
import { readWords } from "../../read-words.ts";

/** A text that people agree to, as the operator's folder has it now, with its version. */
export async function LegalPage({ name, children }: { name: LegalTextName; children?: ReactNode }) {
  const [legal, words] = await Promise.all([readLegal(name), readWords()]);
  return (
    <div className="mx-auto max-w-3xl">
      <DocView doc={legal} words={words} />
      {children}
      <p className="mt-12 text-quiet text-sm">{words.fill(words.text.privacy.version, { version: legal.version })}</p>
    </div>
  );
}

export async function legalMetadata(name: LegalTextName): Promise<Metadata> {
  const { title, description } = await readLegal(name);
  return { title, description };
}

async function readLegal(name: LegalTextName) {
  // An operator may replace it while the instance runs.
  await connection();
  const { config } = await getServices();
  return await readLegalText(name, config.legalFolder);
}
