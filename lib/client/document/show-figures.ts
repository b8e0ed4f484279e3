import type { NetworkView } from "#lib/protocol/network/network.ts";
import type { Format } from "#lib/text/format/create-format.ts";

/** Writes the figures of the instance; those that are unknown or zero are hidden, and with none of them the whole section. */
export function showFigures(section: HTMLElement, format: Format, { devices, jobCount, verified }: NetworkView): void {
  const figures: Record<string, number> = {
    computing: devices.computing,
    jobs: jobCount,
    lastHour: verified?.lastHour ?? 0,
    total: verified?.total ?? 0,
  };
  for (const place of section.querySelectorAll<HTMLElement>("[data-figure]")) {
    const value = figures[place.dataset.figure ?? ""] ?? 0;
    place.hidden = value === 0;
    const number = place.querySelector("[data-value]");
    if (number) number.textContent = format.number(value);
  }
  section.hidden = Object.values(figures).every((value) => value === 0);
}
