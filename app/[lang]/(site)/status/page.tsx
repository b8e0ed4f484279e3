import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { StatusPanel } from "./status-panel.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.status;
  return { title, description: lead };
}

export default async function StatusPage() {
  const { title, lead } = (await readWords()).text.status;
  return (
    <GiveWords sections={["status"]}>
      <PageHead title={title} lead={lead} />
      <StatusPanel />
    </GiveWords>
  );
}
