import type { Situation } from "#lib/domain/governor/decide-activity.ts";

/** Not every browser tells about its battery, and TypeScript knows nothing of it. */
type Battery = EventTarget & { charging: boolean };
type Platform = Navigator & { getBattery?: () => Promise<Battery>; userAgentData?: { mobile: boolean } };

export type SituationWatch = { current(): Situation; end(): void };

/** Watches what matters for the volunteer's rules: whether the page can be seen and whether the device charges. */
export async function watchSituation(onChange: (situation: Situation) => void): Promise<SituationWatch> {
  const platform: Platform = navigator;
  const battery = (await platform.getBattery?.().catch(() => null)) ?? null;
  const isPhone = findIsPhone(platform);
  const current = (): Situation => ({ isVisible: document.visibilityState === "visible", isCharging: battery?.charging ?? null, isPhone });
  const tell = () => onChange(current());
  document.addEventListener("visibilitychange", tell);
  battery?.addEventListener("chargingchange", tell);
  return {
    current,
    end() {
      document.removeEventListener("visibilitychange", tell);
      battery?.removeEventListener("chargingchange", tell);
    },
  };
}

/** What the browser says of itself, else whether it names itself as one: a small window alone is no phone. */
function findIsPhone({ userAgentData, userAgent }: Platform): boolean {
  return userAgentData?.mobile ?? /\b(?:iPhone|iPod|Mobile)\b/.test(userAgent);
}
