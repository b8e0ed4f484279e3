"use client";

import type { Volunteer } from "#lib/client/volunteer/use-volunteer.ts";
import { type Hours, POWER_CHOICES, VISIBILITY_CHOICES } from "#lib/domain/governor/volunteer-settings.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Checkbox } from "#lib/ui/controls/checkbox.tsx";
import { controlProps, Field } from "#lib/ui/controls/field.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";

const MIB = 1024 * 1024;
const MEMORY_MIB = [256, 512, 1024, 2048, 4096, 8192] as const;
const DATA_MIB = [100, 500, 1024, 5120, 10_240] as const;
const NIGHT: Hours = { fromMinute: 22 * 60, toMinute: 7 * 60 };

type LimitsProps = Pick<Volunteer, "settings" | "configure">;

/** The limits beside cores and speed. */
export function MoreLimits({ settings, configure }: LimitsProps) {
  const text = useWords().text.volunteer.settings;
  const canComputeOnGpu = "gpu" in navigator;
  return (
    <div className="space-y-5">
      <p className="text-quiet text-sm">{text.moreHint}</p>
      {canComputeOnGpu ? (
        <Checkbox label={text.usesGpu} checked={settings.usesGpu} onChange={({ target }) => configure({ usesGpu: target.checked })} />
      ) : (
        <p className="text-quiet text-sm">{text.noGpu}</p>
      )}
      <Limit
        id="memory"
        label={text.memory}
        hint={text.memoryHint}
        choices={MEMORY_MIB}
        mib={settings.memoryMib}
        onChoose={(memoryMib) => configure({ memoryMib })}
      />
      <Limit
        id="data"
        label={text.data}
        hint={text.dataHint}
        choices={DATA_MIB}
        mib={settings.dataMibPerDay}
        onChoose={(dataMibPerDay) => configure({ dataMibPerDay })}
      />
      <HoursLimit settings={settings} configure={configure} />
      <Choice
        id="power"
        label={text.power}
        hint={text.powerHint}
        choices={POWER_CHOICES}
        names={text.powers}
        value={settings.power}
        onChoose={(power) => configure({ power })}
      />
      <Choice
        id="visibility"
        label={text.visibility}
        hint={text.visibilityHint}
        choices={VISIBILITY_CHOICES}
        names={text.visibilities}
        value={settings.visibility}
        onChoose={(visibility) => configure({ visibility })}
      />
      <Checkbox label={text.backsOffWhenHot} checked={settings.backsOffWhenHot} onChange={({ target }) => configure({ backsOffWhenHot: target.checked })} />
      {"wakeLock" in navigator ? (
        <Checkbox label={text.keepsAwake} checked={settings.keepsAwake} onChange={({ target }) => configure({ keepsAwake: target.checked })} />
      ) : null}
    </div>
  );
}

type LimitProps = { id: string; label: string; hint: string; choices: readonly number[]; mib: number | null; onChoose: (mib: number | null) => void };

function Limit({ id, label, hint, choices, mib, onChoose }: LimitProps) {
  const {
    text: {
      volunteer: { settings: text },
    },
    format,
  } = useWords();
  // What was kept may be another number than those offered here.
  const offered = mib === null || choices.includes(mib) ? choices : [...choices, mib].sort((a, b) => a - b);
  return (
    <Field id={id} label={label} hint={hint}>
      <Select {...controlProps(id, { hint })} value={mib ?? ""} onChange={({ target }) => onChoose(target.value === "" ? null : Number(target.value))}>
        <option value="">{text.noLimit}</option>
        {offered.map((choice) => (
          <option key={choice} value={choice}>
            {format.bytes(choice * MIB)}
          </option>
        ))}
      </Select>
    </Field>
  );
}

type ChoiceProps<T extends string> = {
  id: string;
  label: string;
  hint: string;
  choices: readonly T[];
  names: Readonly<Record<T, string>>;
  value: T;
  onChoose: (value: T) => void;
};

function Choice<T extends string>({ id, label, hint, choices, names, value, onChoose }: ChoiceProps<T>) {
  const choose = (chosen: string) => {
    const choice = choices.find((one) => one === chosen);
    if (choice) onChoose(choice);
  };
  return (
    <Field id={id} label={label} hint={hint}>
      <Select {...controlProps(id, { hint })} value={value} onChange={({ target }) => choose(target.value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {names[choice]}
          </option>
        ))}
      </Select>
    </Field>
  );
}

function HoursLimit({ settings: { hours }, configure }: LimitsProps) {
  const text = useWords().text.volunteer.settings;
  return (
    <div className="space-y-3">
      <Checkbox
        label={text.hours}
        checked={hours !== null}
        aria-describedby="hours-hint"
        onChange={({ target }) => configure({ hours: target.checked ? NIGHT : null })}
      />
      {hours ? (
        <div className="grid grid-cols-2 gap-3">
          <Clock id="hours-from" label={text.from} minute={hours.fromMinute} onChoose={(fromMinute) => configure({ hours: { ...hours, fromMinute } })} />
          <Clock id="hours-to" label={text.to} minute={hours.toMinute} onChoose={(toMinute) => configure({ hours: { ...hours, toMinute } })} />
        </div>
      ) : null}
      <p id="hours-hint" className="text-quiet text-sm">
        {text.hoursHint}
      </p>
    </div>
  );
}

type ClockProps = { id: string; label: string; minute: number; onChoose: (minute: number) => void };

function Clock({ id, label, minute, onChoose }: ClockProps) {
  const choose = (value: string) => {
    const [hour, minutes] = value.split(":").map(Number);
    // Empty while somebody types over a part of it.
    if (hour !== undefined && minutes !== undefined) onChoose(hour * 60 + minutes);
  };
  return (
    <Field id={id} label={label}>
      {/* Not controlled: what is half typed would be overwritten. */}
      <Input id={id} type="time" defaultValue={clockTime(minute)} onChange={({ target }) => choose(target.value)} />
    </Field>
  );
}

function clockTime(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}
