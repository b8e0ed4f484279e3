"use client";

import { useLetterKeys } from "#lib/client/palette/use-letter-keys.ts";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";

/** Turns the letter shortcuts of this browser on and off. */
export function LetterSwitch({ label }: { label: string }) {
  const [isOn, turn] = useLetterKeys();
  return <Checkbox label={label} checked={isOn} onChange={({ target }) => turn(target.checked)} className="mb-4" />;
}
