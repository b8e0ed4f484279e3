import type { Owner } from "./read-owner.ts";
import { SignInCard } from "./sign-in-card.tsx";

/** What an owner's page shows to somebody who has not signed in. */
export function SignInDoor({ owner: { ctx } }: { owner: Owner }) {
  return <SignInCard chainId={ctx.config.chain.id} isDemo={ctx.config.demo} />;
}
