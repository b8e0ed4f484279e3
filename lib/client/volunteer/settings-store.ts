import { DEFAULT_SETTINGS, readSettings, type VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";

const NAME = "shoal-volunteer-settings";

/** What this browser profile lends, as it was chosen last; the defaults where nothing usable is kept. */
export function loadSettings(): VolunteerSettings {
  try {
    return readSettings(JSON.parse(localStorage.getItem(NAME) ?? "{}")).settings;
  } catch {
    // No storage for this page, or something else wrote there.
    return DEFAULT_SETTINGS;
  }
}

/** Remembers the settings; where the browser keeps nothing for this page they hold until it is closed. */
export function saveSettings(settings: VolunteerSettings): void {
  try {
    localStorage.setItem(NAME, JSON.stringify(settings));
  } catch {
    // Storage is full or forbidden.
  }
}
