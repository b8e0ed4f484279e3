import type { Metadata } from "next";
import { en } from "#lib/text/en.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { VolunteerPanel } from "./volunteer-panel.tsx";

export const metadata: Metadata = { title: en.volunteer.title, description: en.volunteer.lead };

export default function VolunteerPage() {
  return (
    <>
      <PageHead title={en.volunteer.title} lead={en.volunteer.lead} />
      <VolunteerPanel />
    </>
  );
}
