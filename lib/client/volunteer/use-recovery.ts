"use client";

import { useEffect, useState } from "react";
import { type ReadPhrase, readDevicePhrase } from "#workers/volunteer/exchange/device-phrase.ts";
import { type DeviceStanding, findDeviceStanding, readPhrase, restoreDevice } from "./device-store.ts";
import { takeTabLock } from "./page/tab-lock.ts";

/** Why a phrase was not taken: what is wrong with it, or that a tab of this browser computes with the key that would be replaced. */
export type RecoveryProblem = Extract<ReadPhrase, { problem: string }> | { problem: "computing" };

export type Recovery = {
  /** What this browser is; null before it is known. */
  standing: DeviceStanding | null;
  /** The words of this device while they are shown. */
  words: readonly string[] | null;
  /** What the browser refused. */
  failure: unknown;
  show(): Promise<void>;
  hide(): void;
  /** Makes this browser the device of the typed phrase; null when it is. */
  restore(typed: string): Promise<RecoveryProblem | null>;
};

/** The phrase of this profile's device, read when it is asked for, and the way to become another device. */
export function useRecovery(): Recovery {
  const [standing, setStanding] = useState<DeviceStanding | null>(null);
  const [words, setWords] = useState<readonly string[] | null>(null);
  const [failure, setFailure] = useState<unknown>(null);
  useEffect(() => {
    let isShown = true;
    findDeviceStanding().then(
      (found) => isShown && setStanding(found),
      (error: unknown) => isShown && setFailure(error),
    );
    return () => {
      isShown = false;
    };
  }, []);
  const show = async (): Promise<void> => {
    try {
      setWords((await readPhrase())?.split(" ") ?? null);
    } catch (error) {
      setFailure(error);
    }
  };
  const restore = async (typed: string): Promise<RecoveryProblem | null> => {
    setFailure(null);
    const read = readDevicePhrase(typed);
    if (!("phrase" in read)) return read;
    const release = await takeTabLock();
    if (!release) return { problem: "computing" };
    try {
      await restoreDevice(read.phrase);
      setWords(null);
      setStanding("withPhrase");
      return null;
    } finally {
      release();
    }
  };
  return { standing, words, failure, show, hide: () => setWords(null), restore };
}
