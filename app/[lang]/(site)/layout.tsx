import type { ReactNode } from "react";
import { NetworkStatus } from "#lib/client/light/network-status.tsx";
import { QueryProvider } from "#lib/client/queries/query-provider.tsx";
import { Shell } from "#lib/ui/shell/shell.tsx";
import { GiveWords } from "../../give-words.tsx";
import { readWords } from "../../read-words.ts";

export default async function SiteLayout({ children }: { children: ReactNode }) {
  const { language, text } = await readWords();
  return (
    <QueryProvider>
      <GiveWords sections={["network", "docs", "errors", "states"]}>
        <Shell text={text.site} language={language} status={<NetworkStatus />}>
          {children}
        </Shell>
      </GiveWords>
    </QueryProvider>
  );
}
