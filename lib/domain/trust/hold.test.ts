import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ASSURANCE } from "./assurance.ts";
import { clusterKeysOf, clusterWithin, type DeviceSignals, decideWithoutIndependent, findJoin, mayPair } from "./cluster.ts";
import { type ClosingStratum, decideCloseStep, estimateHidden, estimateUnaware, isAlarming, type WrongResult } from "./hidden-errors.ts";
import { HOLD, holdOf, mayEndWindow, mustWaitForChecks } from "./hold.ts";
import { cheatingGain, deterringReserve, RESERVE_PAYMENTS, reservedMicro, withdrawableMicro } from "./reserve.ts";
import { decideRevocation, mayCount, recheckAfterBadChecker } from "./revoke.ts";

const standard = ASSURANCE.standard;

const total = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0);

describe("hidden errors", () => {
  const WRONG: WrongResult = { stratum: 0, rate: 0.04, isInWindow: true, isLater: false };

  test("the estimate is right on average for any number of errors and any rate", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.double({ min: 0.01, max: 0.9, noNaN: true }), (k, rate) => {
        const detection = Array.from({ length: k }, () => ({ ...WRONG, rate }));
        const [estimate] = estimateHidden([detection], [{ results: 1000, sweptRate: 0 }]);
        const missed = (1 - rate) ** k;
        expect((1 - missed) * (estimate ?? 0)).toBeCloseTo(k * missed, 6);
      }),
    );
  });

  test("many errors of one device weigh less than a lonely one", () => {
    const strata = [{ results: 1000, sweptRate: 0 }];
    expect(estimateHidden([new Array(200).fill(WRONG)], strata)[0]).toBeLessThan(0.1);
    expect(estimateHidden([[WRONG]], strata)[0]).toBeCloseTo(24);
  });

  test("whatever a device does once it is found out, by what it did unaware it stands for as many as before", () => {
    const strata = [{ results: 1_000_000, sweptRate: 0 }];
    const anyRate = fc.double({ min: 0.01, max: 0.9, noNaN: true });
    fc.assert(
      fc.property(fc.array(anyRate, { minLength: 1, maxLength: 20 }), fc.nat(100), fc.array(anyRate, { maxLength: 20 }), (rates, watched, rest) => {
        const before = rates.map((rate) => ({ ...WRONG, rate }));
        const whileWatched = Array.from({ length: watched }, () => ({ ...WRONG, rate: 1, isLater: true }));
        const after = rest.map((rate) => ({ ...WRONG, rate, isLater: true }));
        const [alone] = estimateHidden([before], strata);
        const [liesOn] = estimateUnaware([[...before, ...whileWatched, ...after]], strata);
        expect(liesOn).toBeGreaterThanOrEqual(alone ?? 0);
        if (rest.length === 0) expect(liesOn).toBeCloseTo(alone ?? 0, 9);
      }),
    );
  });

  test("one device that was found out and shows nothing more causes no sweep by itself; two that lie on do, and one that stops does", () => {
    const strata = [{ results: 1_000_000, sweptRate: 0 }];
    const liesOn = [WRONG, { ...WRONG, rate: 1, isLater: true }];
    expect(decideCloseStep(strata, [liesOn], standard)).toEqual({ kind: "close" });
    expect(decideCloseStep(strata, [liesOn, liesOn], standard)).toEqual({ kind: "sweep", stratum: 0, rate: 0.08 });
    expect(decideCloseStep(strata, [[WRONG]], standard)).toEqual({ kind: "sweep", stratum: 0, rate: 0.08 });
  });

  test("a close sweeps until little enough is hidden by both estimates, ends, and leaves strata without errors alone", () => {
    const anyDevice = fc.record({ stratum: fc.nat(2), errors: fc.integer({ min: 1, max: 3 }), lies: fc.nat(5) });
    const lonely = (1 - standard.checkRateMin) / standard.checkRateMin;
    fc.assert(
      fc.property(fc.array(anyDevice, { maxLength: 15 }), (found) => {
        const strata: ClosingStratum[] = [0, 1, 2].map(() => ({ results: 100_000, sweptRate: 0 }));
        const detections = found.map(({ stratum, errors, lies }) => [
          ...Array.from({ length: errors }, () => ({ ...WRONG, stratum })),
          ...Array.from({ length: lies }, () => ({ ...WRONG, stratum, rate: 1, isLater: true })),
        ]);
        let steps = 0;
        for (;;) {
          const step = decideCloseStep(strata, detections, standard);
          if (step.kind === "close") {
            const tolerated = standard.hiddenShareMax * 300_000;
            expect(total(estimateHidden(detections, strata))).toBeLessThanOrEqual(tolerated);
            expect(total(estimateUnaware(detections, strata))).toBeLessThanOrEqual(tolerated + lonely);
            break;
          }
          expect(found.some(({ stratum }) => stratum === step.stratum)).toBe(true);
          expect(step.rate).toBeGreaterThan(strata[step.stratum]?.sweptRate ?? 1);
          strata[step.stratum] = { results: 100_000, sweptRate: step.rate };
          expect(++steps).toBeLessThan(30);
        }
      }),
    );
  });

  test("an alarm needs three times what is tolerated", () => {
    const strata = [{ results: 1_000_000, sweptRate: 0 }];
    expect(isAlarming([12], strata, standard)).toBe(false);
    expect(isAlarming([12.1], strata, standard)).toBe(true);
  });
});

describe("the hold", () => {
  const result = { windowNo: 3, isRevoked: false, openChecks: 0 };

  test("nothing is final before a whole window has passed, its checks are done and its window is closed", () => {
    expect(holdOf(result, { openWindowNo: 4, isWindowClosed: true }, standard)).toBe("window_open");
    expect(holdOf({ ...result, openChecks: 1 }, { openWindowNo: 5, isWindowClosed: true }, standard)).toBe("check_open");
    expect(holdOf(result, { openWindowNo: 5, isWindowClosed: false }, standard)).toBe("window_not_closed");
    expect(holdOf(result, { openWindowNo: 5, isWindowClosed: true }, standard)).toBeNull();
    expect(holdOf({ ...result, isRevoked: true }, { openWindowNo: 9, isWindowClosed: true }, standard)).toBe("revoked");
    expect(holdOf(result, { openWindowNo: 3, isWindowClosed: false }, ASSURANCE.instant)).toBeNull();
  });

  test("a window ends by count or by time, and never at once", () => {
    expect(mayEndWindow({ openedAt: 0, results: 1e9 }, HOLD, HOLD.windowMsMin - 1)).toBe(false);
    expect(mayEndWindow({ openedAt: 0, results: HOLD.windowResultsMax }, HOLD, HOLD.windowMsMin)).toBe(true);
    expect(mayEndWindow({ openedAt: 0, results: 0 }, HOLD, HOLD.windowMsMax)).toBe(true);
    expect(mayEndWindow({ openedAt: 0, results: 5 }, HOLD, HOLD.windowMsMax - 1)).toBe(false);
  });
});

describe("when a device is found out", () => {
  const suspect = { isFinal: false, isTrustedConfirmed: false, independentWitnesses: 1 };

  test("final and trusted results stay, an ordinary agreement does not protect, enough witnesses do", () => {
    expect(decideRevocation({ ...suspect, isFinal: true }, { witnessesMin: 1, hasTrustedRoom: true })).toBe("keep");
    expect(decideRevocation({ ...suspect, isTrustedConfirmed: true }, { witnessesMin: 1, hasTrustedRoom: true })).toBe("keep");
    expect(decideRevocation(suspect, { witnessesMin: 1, hasTrustedRoom: true })).toBe("verify");
    expect(decideRevocation(suspect, { witnessesMin: 1, hasTrustedRoom: false })).toBe("revoke");
    expect(decideRevocation({ ...suspect, independentWitnesses: 2 }, { witnessesMin: 2, hasTrustedRoom: true })).toBe("keep");
  });

  test("nothing of a burned device counts, also when it was under way", () => {
    expect([mayCount("active"), mayCount("watched"), mayCount("burned")]).toEqual([true, true, false]);
  });

  test("a wrong checker undoes only what it alone confirmed and what is not final", () => {
    const check = { isFinal: false, isTrustedConfirmed: false, otherConfirmations: 0 };
    expect(recheckAfterBadChecker(check)).toBe(true);
    expect(recheckAfterBadChecker({ ...check, isFinal: true })).toBe(false);
    expect(recheckAfterBadChecker({ ...check, isTrustedConfirmed: true })).toBe(false);
    expect(recheckAfterBadChecker({ ...check, otherConfirmations: 1 })).toBe(false);
  });
});

describe("the reserve", () => {
  test("reserve and withdrawable make up what vested, and neither is negative", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 15n }), fc.nat(10_000), fc.nat(100), (vestedMicro, payments, agreed) => {
        const earned = { vestedMicro, payments, agreed };
        expect(withdrawableMicro(earned)).toBeGreaterThanOrEqual(0n);
        expect(withdrawableMicro(earned) + reservedMicro(earned)).toBe(vestedMicro);
      }),
    );
    expect(withdrawableMicro({ vestedMicro: 5n, payments: 5, agreed: 1 })).toBe(0n);
    expect(withdrawableMicro({ vestedMicro: 1000n, payments: 100, agreed: 9 })).toBe(500n);
  });

  test("a full reserve makes one wrong result worthless at the lowest rate of every class with a hold", () => {
    for (const name of ["economy", "standard", "high", "critical"] as const) {
      const rate = ASSURANCE[name].checkRateMin;
      expect(deterringReserve(rate, 1)).toBeLessThanOrEqual(RESERVE_PAYMENTS);
      expect(cheatingGain({ rate, lockedPayments: RESERVE_PAYMENTS, pendingPayments: 0, gain: 1 })).toBeLessThanOrEqual(0);
    }
  });
});

describe("clusters", () => {
  const device: DeviceSignals = {
    accountId: null,
    poolCodeHashes: [],
    address: { kind: "public", prefixHash: "p", widePrefixHash: "w" },
    registeredAt: 0,
    wrongAnswerHashes: [],
  };
  const keys = (over: Partial<DeviceSignals>, inBurst = 1) => clusterKeysOf({ ...device, ...over }, { inBurst });

  test("loopback and private addresses never join devices, public ones do", () => {
    for (const kind of ["loopback", "private"] as const) {
      const address = { ...device.address, kind };
      expect(findJoin(keys({ address }, 99), keys({ address }, 99))).toBeNull();
    }
    expect(findJoin(keys({}), keys({}))).toBe("address");
  });

  test("ten devices of a pool behind one address are independent inside their pool and joined outside it", () => {
    const elsewhere = { ...device.address, prefixHash: "q" };
    expect(findJoin(keys({ poolCodeHashes: ["lab"] }), keys({ poolCodeHashes: ["choir", "lab"], address: elsewhere }))).toBe("pool_code");
    expect(findJoin(keys({ poolCodeHashes: ["lab"] }), keys({ poolCodeHashes: ["choir"], address: elsewhere }))).toBeNull();
    const member = (voterId: string) => ({ clusterId: "the lab", voterId });
    expect([clusterWithin(member("a"), { isOfPool: true }), clusterWithin(member("b"), { isOfPool: true })]).toEqual(["a", "b"]);
    expect(clusterWithin(member("a"), { isOfPool: false })).toBe("the lab");
  });

  test("one account is never paired, suspicion is only avoided", () => {
    expect(mayPair(findJoin(keys({ accountId: "acc" }), keys({ accountId: "acc" })))).toBe("never");
    expect(mayPair(findJoin(keys({ wrongAnswerHashes: ["h"] }), keys({ wrongAnswerHashes: ["h"] })))).toBe("avoid");
    expect(mayPair(null)).toBe("yes");
  });

  test("six registrations of a wide prefix in a minute are a burst, five are not", () => {
    const other = { address: { ...device.address, prefixHash: "q" } };
    expect(findJoin(keys({}, 6), keys(other, 6))).toBe("burst");
    expect(findJoin(keys({}, 5), keys(other, 5))).toBeNull();
    expect(findJoin(keys({}, 6), keys({ ...other, registeredAt: 60_000 }, 6))).toBeNull();
  });

  test("a shard that finds no independent device gets a trusted one after a minute, or its owner is told", () => {
    expect(decideWithoutIndependent({ waitedMs: 59_999, hasTrustedDevice: true })).toBe("wait");
    expect(decideWithoutIndependent({ waitedMs: 60_000, hasTrustedDevice: true })).toBe("trusted");
    expect(decideWithoutIndependent({ waitedMs: 60_000, hasTrustedDevice: false })).toBe("tell_owner");
  });
});

test("a tenth of the checks may be outstanding when the other results become final, and no more", () => {
  expect(mustWaitForChecks({ drawn: 1, done: 9 })).toBe(false);
  expect(mustWaitForChecks({ drawn: 2, done: 9 })).toBe(true);
  expect(mustWaitForChecks({ drawn: 1, done: 0 })).toBe(true);
  expect(mustWaitForChecks({ drawn: 0, done: 0 })).toBe(false);
});
