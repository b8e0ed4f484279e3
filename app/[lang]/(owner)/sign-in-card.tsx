"use client";

import { useRouter } from "next/navigation";
import { useSignIn } from "#lib/client/wallet/use-sign-in.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Card } from "#lib/ui/display/card.tsx";
import { ErrorNote } from "#lib/ui/display/error-note.tsx";
import { PasskeyButtons } from "./passkey-buttons.tsx";
import { WalletButtons } from "./wallet-buttons.tsx";

/** The door to an owner's pages: a passkey, or a wallet of this browser. */
export function SignInCard({ isSecond, ...instance }: { chainId: number; isDemo: boolean; isSecond: boolean }) {
  const { text } = useWords();
  const door = text.account.signIn;
  return (
    <Card className={isSecond ? undefined : "mx-auto max-w-lg sm:p-8"}>
      {isSecond ? <h2 className="font-semibold text-lg">{door.titleShort}</h2> : <h1 className="font-semibold text-2xl tracking-tight">{door.title}</h1>}
      <p className="mt-2 text-quiet">{door.text}</p>
      <SignInWays {...instance} />
    </Card>
  );
}

/** Both ways in, the one that everybody has first; the page is read anew for who came in. */
export function SignInWays({ chainId, isDemo, onEntered }: { chainId: number; isDemo: boolean; onEntered?: () => void }) {
  const { text } = useWords();
  const door = text.account.signIn;
  const router = useRouter();
  const enter = () => {
    router.refresh();
    onEntered?.();
  };
  const signIn = useSignIn(chainId, enter);
  return (
    <>
      <div className="mt-6">
        <PasskeyButtons onEntered={enter} />
      </div>
      <p className="my-5 flex items-center gap-3 text-quiet text-sm before:h-px before:flex-1 before:bg-line after:h-px after:flex-1 after:bg-line">
        {door.orWallet}
      </p>
      <WalletButtons
        isDemo={isDemo}
        asking={signIn.variables?.name ?? null}
        isBusy={signIn.isPending || signIn.isSuccess}
        use={door.use}
        onChoose={signIn.mutate}
      />
      <p className="mt-3 text-quiet text-sm">{door.walletText}</p>
      {signIn.error ? <ErrorNote error={signIn.error} className="mt-3" isAlert /> : null}
    </>
  );
}
