"use client";

import { lazy } from "react";
import { Folded } from "./folded.tsx";

/** The words are nowhere on the page before somebody asks for them. */
const RecoveryPhrase = lazy(async () => ({ default: (await import("./recovery-phrase.tsx")).RecoveryPhrase }));

/** The phrase of this device, and the way to go on as another one, folded until they are asked for. */
export function Recovery({ show }: { show: string }) {
  return (
    <Folded show={show} className="mt-4">
      <RecoveryPhrase />
    </Folded>
  );
}
