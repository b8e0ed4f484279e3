import type { Metadata } from "next";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { readWords } from "../../../read-words.ts";
import { NetworkPanel } from "./network-panel.tsx";

export async function generateMetadata(): Promise<Metadata> {
  const { title, lead } = (await readWords()).text.network;
  return { title, description: lead };
}

export default async function NetworkPage() {
  const { title, lead } = (await readWords()).text.network;
  return (
    <>
      <PageHead title={title} lead={lead} />
      <NetworkPanel />
    </>
  );
}
