import type { Metadata } from "next";
import { GiveWords } from "../../../give-words.tsx";
import { LegalPage, legalMetadata } from "../legal-page.tsx";
import { KeptHere } from "./kept-here.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return await legalMetadata("privacy");
}

export default function PrivacyPage() {
  return (
    <LegalPage name="privacy">
      <GiveWords sections={["privacy"]}>
        <KeptHere />
      </GiveWords>
    </LegalPage>
  );
}
