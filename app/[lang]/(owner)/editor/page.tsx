import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { ProgramEditor } from "./program-editor.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.editor;
  return { title, description: lead };
}

/** Open to everybody: only what is done with the program needs an account. */
export default async function EditorPage() {
  const [{ text }, { account }] = await Promise.all([readWords(), readOwner()]);
  return (
    <>
      <PageHead title={text.editor.title} lead={text.editor.lead} />
      <ProgramEditor account={account?.id ?? null} />
    </>
  );
}
