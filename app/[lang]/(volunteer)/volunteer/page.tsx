import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { EscapeAttempts } from "./escape-attempts.tsx";
import { Receipts } from "./receipts.tsx";
import { Recovery } from "./recovery.tsx";
import { VolunteerPanel } from "./volunteer-panel.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.volunteer;
  return { title, description: lead };
}

export default async function VolunteerPage() {
  const { title, lead } = (await readWords()).text.volunteer;
  return (
    <>
      <PageHead title={title} lead={lead} />
      <VolunteerPanel />
      <Receipts />
      <Recovery />
      <EscapeAttempts />
    </>
  );
}
