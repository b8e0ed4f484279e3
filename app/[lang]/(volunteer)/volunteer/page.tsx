import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { EscapeAttempts } from "./escape-attempts.tsx";
import { FurtherCard } from "./further-card.tsx";
import { Receipts } from "./receipts.tsx";
import { Recovery } from "./recovery.tsx";
import { VolunteerPanel } from "./volunteer-panel.tsx";

const RECEIPTS_MAX = 20;

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.volunteer;
  return { title, description: lead };
}

export default async function VolunteerPage() {
  const { text, fill } = await readWords();
  const { title, lead, receipts, recovery, escape: attempts } = text.volunteer;
  return (
    <>
      <PageHead title={title} lead={lead} />
      <VolunteerPanel />
      <FurtherCard title={receipts.title} lead={fill(receipts.lead, { max: RECEIPTS_MAX })}>
        <Receipts show={receipts.show} countMax={RECEIPTS_MAX} />
      </FurtherCard>
      <FurtherCard title={recovery.title} lead={recovery.lead}>
        <Recovery show={recovery.show} />
      </FurtherCard>
      <FurtherCard title={attempts.title} lead={attempts.lead}>
        <EscapeAttempts />
      </FurtherCard>
    </>
  );
}
