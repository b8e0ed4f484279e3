"use client";

import { Wallet } from "lucide-react";
import { useRouter } from "next/navigation";
import { demoChoice, useSignIn, type WalletChoice } from "#lib/client/wallet/use-sign-in.ts";
import { useWallets } from "#lib/client/wallet/use-wallets.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { Note } from "#lib/ui/display/note.tsx";

/** The door to an owner's pages: the wallets of this browser, and the demo wallet where the instance has one. */
export function SignInCard({ chainId, isDemo, isSecond }: { chainId: number; isDemo: boolean; isSecond: boolean }) {
  const { text, fill } = useWords();
  const door = text.account.signIn;
  const router = useRouter();
  const wallets = useWallets();
  const signIn = useSignIn(chainId, () => router.refresh());
  const demo = isDemo ? demoChoice(door.demo) : null;
  const isBusy = signIn.isPending || signIn.isSuccess;
  return (
    <Card className={isSecond ? undefined : "mx-auto max-w-lg sm:p-8"}>
      {isSecond ? <h2 className="font-semibold text-lg">{door.titleShort}</h2> : <h1 className="font-semibold text-2xl tracking-tight">{door.title}</h1>}
      <p className="mt-2 text-quiet">{door.text}</p>
      <div className="mt-6 space-y-3">
        {wallets.map(({ uuid, name, icon, provider }) => (
          <WalletButton
            key={uuid}
            label={isBusy && signIn.variables?.name === name ? fill(door.waiting, { wallet: name }) : fill(door.use, { wallet: name })}
            icon={icon}
            isBusy={isBusy}
            choice={{ name, open: async () => provider }}
            onChoose={signIn.mutate}
          />
        ))}
        {wallets.length === 0 && !demo ? <Note>{door.none}</Note> : null}
        {demo ? (
          <div className={wallets.length > 0 ? "border-line border-t pt-5" : undefined}>
            {wallets.length > 0 ? <p className="mb-3 font-medium text-sm">{door.demoTitle}</p> : null}
            <WalletButton label={door.demo} icon={null} isBusy={isBusy} choice={demo} onChoose={signIn.mutate} />
            <p className="mt-2 text-quiet text-sm">{door.demoNote}</p>
          </div>
        ) : null}
        {signIn.error ? <ErrorNote error={signIn.error} isAlert /> : null}
      </div>
    </Card>
  );
}

type WalletButtonProps = { label: string; icon: string | null; isBusy: boolean; choice: WalletChoice; onChoose: (choice: WalletChoice) => void };

function WalletButton({ label, icon, isBusy, choice, onChoose }: WalletButtonProps) {
  return (
    <Button size="large" className="w-full justify-start!" disabled={isBusy} onClick={() => onChoose(choice)}>
      {icon ? (
        // biome-ignore lint/performance/noImgElement: an image inside the wallet's own announcement; there is nothing to optimise or fetch
        <img src={icon} alt="" className="size-6 rounded" />
      ) : (
        <Wallet aria-hidden />
      )}
      <span className="truncate">{label}</span>
    </Button>
  );
}
