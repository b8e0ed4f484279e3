"use client";

import { lazy } from "react";
import type { Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import { SETTING_BOUNDS } from "#lib/domain/governor/volunteer-settings.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Field } from "#lib/ui/controls/field.tsx";
import { Minus, Plus } from "#lib/ui/icons/light-icons.tsx";
import { Folded } from "./folded.tsx";

const SHARE_STEP = 5;

/** Most visitors never open it. */
const MoreLimits = lazy(async () => ({ default: (await import("./more-limits.tsx")).MoreLimits }));

type LendingProps = { volunteer: Volunteer; cores: number; available: number };

/** What the volunteer lends: cores and speed in sight, all other limits in a disclosure. Holds at once, also while the tab computes. */
export function Lending({ volunteer, cores, available }: LendingProps) {
  const {
    text: {
      volunteer: { settings: text },
    },
    format,
  } = useWords();
  const { settings, configure } = volunteer;
  return (
    <div className="space-y-6">
      <Cores volunteer={volunteer} cores={cores} available={available} />
      <Field
        id="share"
        label={
          <span className="flex justify-between gap-4">
            {text.share}
            <span className="tabular-nums">{format.share(settings.cpuSharePercent / 100)}</span>
          </span>
        }
        hint={text.shareHint}
      >
        <input
          id="share"
          type="range"
          min={SETTING_BOUNDS.cpuSharePercent.min}
          max={SETTING_BOUNDS.cpuSharePercent.max}
          step={SHARE_STEP}
          value={settings.cpuSharePercent}
          aria-labelledby="share-label"
          aria-describedby="share-hint"
          aria-valuetext={format.share(settings.cpuSharePercent / 100)}
          onChange={({ target }) => configure({ cpuSharePercent: target.valueAsNumber })}
          className="h-6 w-full accent-accent"
        />
      </Field>
      <Folded show={text.more}>
        <MoreLimits settings={settings} configure={configure} />
      </Folded>
    </div>
  );
}

function Cores({ volunteer, cores, available }: LendingProps) {
  const {
    text: { volunteer: text, site },
    fill,
  } = useWords();
  const choose = (count: number) => volunteer.configure({ cores: count });
  return (
    <div className="flex items-center justify-between gap-4">
      <div>
        <p id="cores" className="font-medium text-sm">
          {text.cores}
        </p>
        <p className="text-quiet text-sm">{volunteer.coresAvailable === null ? site.loading : fill(text.coresHint, { all: available })}</p>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset cannot be laid out beside its heading */}
      <div role="group" aria-labelledby="cores" className="flex items-center gap-2">
        <Button size="iconLarge" aria-label={text.coresLess} disabled={cores <= 1} onClick={() => choose(cores - 1)}>
          <Minus aria-hidden />
        </Button>
        <output aria-live="polite" className="w-10 text-center font-semibold text-xl">
          {cores}
        </output>
        <Button size="iconLarge" aria-label={text.coresMore} disabled={cores >= available} onClick={() => choose(cores + 1)}>
          <Plus aria-hidden />
        </Button>
      </div>
    </div>
  );
}
