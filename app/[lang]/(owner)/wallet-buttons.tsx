"use client";

import { Wallet } from "lucide-react";
import { demoChoice, type WalletChoice } from "#lib/client/wallet/use-sign-in.ts";
import { useWallets } from "#lib/client/wallet/use-wallets.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Note } from "#lib/ui/display/note.tsx";

type WalletButtonsProps = {
  isDemo: boolean;
  /** The name of the wallet that is being asked. */
  asking: string | null;
  isBusy: boolean;
  /** What a button says, with `{wallet}`. */
  use: string;
  onChoose: (choice: WalletChoice) => void;
};

/** The wallets of this browser, and the demo wallet where the instance has one. */
export function WalletButtons({ isDemo, asking, isBusy, use, onChoose }: WalletButtonsProps) {
  const { text, fill } = useWords();
  const door = text.account.signIn;
  const wallets = useWallets();
  const demo = isDemo ? demoChoice(door.demo) : null;
  return (
    <div className="space-y-3">
      {wallets.map(({ uuid, name, icon, provider }) => (
        <WalletButton
          key={uuid}
          label={isBusy && asking === name ? fill(door.waiting, { wallet: name }) : fill(use, { wallet: name })}
          icon={icon}
          isBusy={isBusy}
          choice={{ name, open: async () => provider }}
          onChoose={onChoose}
        />
      ))}
      {wallets.length === 0 && !demo ? <Note>{door.none}</Note> : null}
      {demo ? (
        <div className={wallets.length > 0 ? "border-line border-t pt-5" : undefined}>
          {wallets.length > 0 ? <p className="mb-3 font-medium text-sm">{door.demoTitle}</p> : null}
          <WalletButton label={door.demo} icon={null} isBusy={isBusy} choice={demo} onChoose={onChoose} />
          <p className="mt-2 text-quiet text-sm">{door.demoNote}</p>
        </div>
      ) : null}
    </div>
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
