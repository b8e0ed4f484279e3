import type { Owner } from "./read-owner.ts";
import { SignInCard } from "./sign-in-card.tsx";

/** What an owner's page shows to somebody who has not signed in. `isSecond` where the page has a heading of its own. */
export function SignInDoor({ owner: { ctx }, isSecond = false }: { owner: Owner; isSecond?: boolean }) {
  return <SignInCard chainId={ctx.config.chain.id} isDemo={ctx.config.demo} isSecond={isSecond} />;
}
