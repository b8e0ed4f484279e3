import { useQuery } from "@tanstack/react-query";
import { useId } from "react";
import { type EarningFilter, myDevicesQuery } from "#lib/client/queries/money.ts";
import type { MyDevice } from "#lib/protocol/devices/devices-of-account.ts";
import { EARNING_KINDS } from "#lib/protocol/payouts/payouts.ts";
import { useWords } from "#lib/text/react/words-provider.tsx";
import { Button } from "#lib/ui/controls/button.tsx";
import { Input, Select } from "#lib/ui/controls/input.tsx";

/** What of the history is shown, as the form holds it: days are those of whoever looks. */
export type HistoryFilter = Omit<EarningFilter, "from" | "to"> & { fromDay?: string; toDay?: string };

/** The same as moments: from the first moment of one day to the first after the other. */
export function momentsOf({ fromDay, toDay, ...filter }: HistoryFilter): EarningFilter {
  const at = (day: string, daysLater: number) => {
    const moment = new Date(`${day}T00:00`);
    moment.setDate(moment.getDate() + daysLater);
    return moment.toISOString();
  };
  return { ...filter, ...(fromDay ? { from: at(fromDay, 0) } : {}), ...(toDay ? { to: at(toDay, 1) } : {}) };
}

/** By kind, device, day and job; a job is chosen in the list itself. */
export function HistoryFilters({ filter, onFilter }: { filter: HistoryFilter; onFilter: (filter: HistoryFilter) => void }) {
  const { text, fill } = useWords();
  const words = text.rewards.history;
  const { data: devices } = useQuery(myDevicesQuery);
  const { kind, deviceId, jobId, fromDay, toDay } = filter;
  /** The filter with one field changed; undefined takes it away. */
  const set = <K extends keyof HistoryFilter>(name: K, value: HistoryFilter[K] | undefined) => {
    const { [name]: _, ...rest } = filter;
    onFilter(value === undefined ? rest : { ...rest, [name]: value });
  };
  return (
    <div className="mb-4 grid gap-3 sm:grid-cols-2">
      <Select
        aria-label={words.filter}
        value={kind ?? ""}
        onChange={(event) =>
          set(
            "kind",
            EARNING_KINDS.find((one) => one === event.target.value),
          )
        }
      >
        <option value="">{words.all}</option>
        {EARNING_KINDS.map((one) => (
          <option key={one} value={one}>
            {words.kinds[one]}
          </option>
        ))}
      </Select>
      <Select aria-label={words.device} value={deviceId ?? ""} onChange={(event) => set("deviceId", devices?.find(({ id }) => id === event.target.value)?.id)}>
        <option value="">{words.allDevices}</option>
        {devices?.map((device) => (
          <DeviceOption key={device.id} device={device} />
        ))}
      </Select>
      <DayField label={words.from} day={fromDay} {...(toDay ? { max: toDay } : {})} onDay={(day) => set("fromDay", day)} />
      <DayField label={words.to} day={toDay} {...(fromDay ? { min: fromDay } : {})} onDay={(day) => set("toDay", day)} />
      {jobId ? (
        <p className="flex flex-wrap items-center gap-2 text-sm sm:col-span-2">
          <span className="min-w-0 break-all">{fill(words.onlyJob, { job: jobId })}</span>
          <Button size="small" onClick={() => set("jobId", undefined)}>
            {words.allJobs}
          </Button>
        </p>
      ) : null}
    </div>
  );
}

function DeviceOption({ device }: { device: MyDevice }) {
  const { text, format } = useWords();
  const { devices } = text.rewards;
  return (
    <option value={device.id}>
      {devices[device.kind]} · {format.count(device.cores, devices.cores)} · {device.id.slice(0, 10)}…
    </option>
  );
}

type DayProps = { label: string; day: string | undefined; min?: string; max?: string; onDay: (day: string | undefined) => void };

function DayField({ label, day, onDay, ...bounds }: DayProps) {
  const id = useId();
  return (
    <div className="flex items-center gap-3 text-sm">
      <label htmlFor={id} className="shrink-0">
        {label}
      </label>
      <Input id={id} type="date" {...bounds} value={day ?? ""} onChange={(event) => onDay(event.target.value || undefined)} />
    </div>
  );
}
