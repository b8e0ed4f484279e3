import type { Metadata } from "next";
import Link from "next/link";
import { shortAccountName } from "#lib/domain/account/short-account-name.ts";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { GiveWords } from "../../../give-words.tsx";
import { readWords } from "../../../read-words.ts";
import { readOwner } from "../read-owner.ts";
import { SignInDoor } from "../sign-in-door.tsx";
import { ActLog } from "./act-log.tsx";
import { DutiesCard } from "./duties-card.tsx";
import { FiguresCard } from "./figures-card.tsx";
import { IncidentCard } from "./incident-card.tsx";
import { InstanceJobs } from "./instance-jobs.tsx";
import { ProcessCard } from "./process-card.tsx";
import { ReportList } from "./report-list.tsx";
import { ReviewList } from "./review-list.tsx";
import { RuleCard } from "./rule-card.tsx";
import { StopCard } from "./stop-card.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { text } = await readWords();
  return { title: text.admin.title, robots: { index: false } };
}

export default async function AdminPage() {
  const owner = await readOwner();
  const { title, lead } = (await readWords()).text.admin;
  if (!owner.account) return <SignInDoor owner={owner} />;
  if (!owner.account.roles.includes("operator")) return <Refused account={owner.account.address ?? owner.account.id} />;
  return (
    <GiveWords sections={["admin", "network"]}>
      <PageHead title={title} lead={lead} />
      <div className="grid grid-cols-1 items-start gap-4 lg:grid-cols-2">
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <StopCard />
          <ReviewList />
          <InstanceJobs />
          <ReportList />
          <RuleCard />
        </div>
        <div className="grid min-w-0 grid-cols-1 gap-4">
          <IncidentCard />
          <FiguresCard />
          <DutiesCard />
          <ProcessCard />
          <ActLog />
        </div>
      </div>
    </GiveWords>
  );
}

/** In place of the page, for an account without the operator's role; the endpoints refuse it too. */
async function Refused({ account }: { account: string }) {
  const { text, fill } = await readWords();
  return (
    <Card className="mx-auto max-w-lg sm:p-8">
      <h1 className="font-semibold text-2xl tracking-tight">{text.admin.refused}</h1>
      <p className="mt-2 mb-6 text-quiet [overflow-wrap:anywhere]">{fill(text.admin.refusedText, { account: shortAccountName(account) })}</p>
      <Link href="/status" className={buttonLook()}>
        {text.admin.toStatus}
      </Link>
    </Card>
  );
}
