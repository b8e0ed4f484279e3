"use client";
import { useSyncExternalStore } from "react";
import type { VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import { VolunteerTab } from "./volunteer-tab.ts";
import { INITIAL_VIEW, type VolunteerView } from "./volunteer-view.ts";

let tab: VolunteerTab | null = null;

/** One for the whole page: it goes on computing while the visitor looks at other pages of the app. */
function getTab(): VolunteerTab {
  tab ??= new VolunteerTab();
  return tab;
}

export type Volunteer = VolunteerView & {
  start(cores: number, consent?: ShownVersions): void;
  stop(): void;
  configure(change: Partial<VolunteerSettings>): void;
};

const start = (cores: number, consent?: ShownVersions): void => void getTab().start(cores, consent);
const stop = (): void => void getTab().stop();
const configure = (change: Partial<VolunteerSettings>): void => getTab().configure(change);
const subscribe = (listener: () => void): (() => void) => getTab().subscribe(listener);
const getView = (): VolunteerView => getTab().getView();
const getServerView = (): VolunteerView => INITIAL_VIEW;

/** This tab as a volunteer: what it does, at most four updates a second, how to start and stop it, and what it lends. */
export function useVolunteer(): Volunteer {
  const view = useSyncExternalStore(subscribe, getView, getServerView);
  return { ...view, start, stop, configure };
}

/** Whether nothing runs, so that Start is what can be pressed. */
export function isStopped({ engine: { phase } }: VolunteerView): boolean {
  return phase === "idle" || phase === "stopped" || phase === "failed";
}
