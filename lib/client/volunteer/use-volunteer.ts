"use client";
import { useSyncExternalStore } from "react";
import type { VolunteerSettings } from "#lib/domain/governor/volunteer-settings.ts";
import type { ShownVersions } from "#lib/protocol/legal/legal.ts";
import { INITIAL_VIEW, VolunteerSession, type VolunteerView } from "./volunteer-session.ts";

let session: VolunteerSession | null = null;

/** One session per tab: it goes on computing while the visitor looks at other pages. */
function getSession(): VolunteerSession {
  session ??= new VolunteerSession();
  return session;
}

export type Volunteer = VolunteerView & {
  start(cores: number, consent?: ShownVersions): void;
  stop(): void;
  configure(change: Partial<VolunteerSettings>): void;
};

const start = (cores: number, consent?: ShownVersions): void => void getSession().start(cores, consent);
const stop = (): void => void getSession().stop();
const configure = (change: Partial<VolunteerSettings>): void => getSession().configure(change);
const subscribe = (listener: () => void): (() => void) => getSession().subscribe(listener);
const getView = (): VolunteerView => getSession().getView();
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
