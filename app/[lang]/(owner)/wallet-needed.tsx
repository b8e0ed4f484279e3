import Link from "next/link";
import { buttonLook } from "#lib/ui/controls/button.tsx";
import { Card, CardHead } from "#lib/ui/display/card.tsx";
import { readWords } from "../../read-words.ts";

/** In place of what only a wallet can do, for an account without one. */
export async function WalletNeeded() {
  const { wallet } = (await readWords()).text.account;
  return (
    <Card>
      <CardHead title={wallet.needed} />
      <p className="mb-4 text-quiet text-sm">{wallet.neededText}</p>
      <Link href="/account" className={buttonLook()}>
        {wallet.add}
      </Link>
    </Card>
  );
}
