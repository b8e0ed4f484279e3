import type { Metadata } from "next";
import { LegalPage, legalMetadata } from "../legal-page.tsx";

export async function generateMetadata(): Promise<Metadata> {
  return await legalMetadata("terms");
}

export default function TermsPage() {
  return <LegalPage name="terms" />;
}
