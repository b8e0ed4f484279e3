import type { Metadata } from "next";
import { en } from "#lib/text/en.ts";
import { PageHead } from "#lib/ui/shell/page-head.tsx";
import { NetworkPanel } from "./network-panel.tsx";

export const metadata: Metadata = { title: en.network.title, description: en.network.lead };

export default function NetworkPage() {
  return (
    <>
      <PageHead title={en.network.title} lead={en.network.lead} />
      <NetworkPanel />
    </>
  );
}
