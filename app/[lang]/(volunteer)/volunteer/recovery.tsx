"use client";

import { lazy } from "react";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { FoldedCard } from "./folded-card.tsx";

/** The words are nowhere on the page before somebody asks for them. */
const RecoveryPhrase = lazy(async () => ({ default: (await import("./recovery-phrase.tsx")).RecoveryPhrase }));

/** The phrase of this device, and the way to go on as another one, folded until they are asked for. */
export function Recovery() {
  const text = useWords().text.volunteer.recovery;
  return (
    <FoldedCard title={text.title} lead={text.lead} show={text.show}>
      <RecoveryPhrase />
    </FoldedCard>
  );
}
