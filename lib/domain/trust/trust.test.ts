import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ASSURANCE, ASSURANCE_CLASSES } from "./assurance.ts";
import { chooseCheckerKind, judgeCheck, mayCheck, TRUSTED_CHECK_SHARE } from "./check.ts";
import { checkRate, nextBoost, redrawRate, STRATA_COUNT, stratumOf, suspicionOf } from "./check-rate.ts";
import { type DeviceTrust, fadeTrust, foldTrust, type TrustEvent, UNKNOWN_DEVICE, WATCH_RESULTS } from "./device-trust.ts";
import { drawMessage, drawOf, isDrawn } from "./draw.ts";
import { CALM, foldFlood, isQuarantined } from "./flood.ts";
import { doubtOf, type Witness, weighEvidence } from "./weigh-evidence.ts";

const anyRules = fc.constantFrom(...ASSURANCE_CLASSES).map((name) => ASSURANCE[name]);
const anyTrust: fc.Arbitrary<DeviceTrust> = fc.record({
  stage: fc.constantFrom("active", "watched", "burned"),
  age: fc.nat(100_000),
  agreed: fc.nat(10_000),
  strikes: fc.nat(2),
  watchLeft: fc.nat(WATCH_RESULTS),
});
const anyEvent: fc.Arbitrary<TrustEvent> = fc.oneof(
  fc.constantFrom<TrustEvent>({ kind: "accepted" }, { kind: "agreed" }, { kind: "doubted" }, { kind: "watched" }, { kind: "watch_ended" }),
  fc.boolean().map((isCoordinated): TrustEvent => ({ kind: "refuted", isCoordinated })),
);
const old: DeviceTrust = { ...UNKNOWN_DEVICE, age: 1e6, agreed: 1e6 };

describe("the lot of a shard", () => {
  test("depends on shard, round and purpose alone, and different ones have different texts", () => {
    const shard = fc.record({ jobId: fc.string(), shardNo: fc.nat(), round: fc.nat(9) });
    fc.assert(
      fc.property(shard, shard, fc.constantFrom("check", "checker", "adjudicate"), fc.constantFrom("check", "checker", "adjudicate"), (a, b, p, q) => {
        const isSame = p === q && a.jobId === b.jobId && a.shardNo === b.shardNo && a.round === b.round;
        expect(drawMessage(p, a) === drawMessage(q, b)).toBe(isSame);
      }),
    );
  });

  test("is drawn in the share of the rate, for hash values spread evenly, and never falls out when the rate rises", () => {
    const draws = Array.from({ length: 1000 }, (_, i) => drawOf(() => Math.floor((i / 1000) * 2 ** 52), "check", { jobId: "j", shardNo: i, round: 0 }));
    for (const percent of [0, 4, 50, 100]) expect(Math.abs(draws.filter((draw) => isDrawn(draw, percent / 100)).length - percent * 10)).toBeLessThanOrEqual(1);
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (draw, a, b) => {
          expect(isDrawn(draw, Math.min(a, b)) && !isDrawn(draw, Math.max(a, b))).toBe(false);
        },
      ),
    );
  });

  test("a hash outside its range is refused, so that a wrong one cannot bias checks", () => {
    for (const bad of [-1, 0.5, 2 ** 52, Number.NaN]) expect(() => drawOf(() => bad, "check", { jobId: "j", shardNo: 0, round: 0 })).toThrow(RangeError);
  });
});

describe("the rate of checks", () => {
  test("has a floor that no history lowers, a bound of 1, and never rises with age", () => {
    fc.assert(
      fc.property(anyRules, anyTrust, fc.double({ min: 0, max: 100, noNaN: true }), fc.nat(1000), (rules, trust, boost, more) => {
        const stratum = { boost, suspicion: "none" as const };
        const rate = checkRate(rules, trust, stratum);
        expect(rate).toBeGreaterThanOrEqual(rules.checkRateMin);
        expect(rate).toBeLessThanOrEqual(1);
        expect(checkRate(rules, { ...trust, age: trust.age + more }, stratum)).toBeLessThanOrEqual(rate);
      }),
    );
  });

  test("is 1 for tainted and watched devices", () => {
    expect(checkRate(ASSURANCE.standard, old, { boost: 1, suspicion: "full" })).toBe(1);
    expect(checkRate(ASSURANCE.standard, { ...old, stage: "watched" }, { boost: 1, suspicion: "none" })).toBe(1);
  });

  test("of a device whose cluster was found out is 1 while it is young and at least a quarter later, for 30 days", () => {
    const monthMs = 30 * 24 * 3_600_000;
    const at = (age: number, now: number) => suspicionOf({ ...UNKNOWN_DEVICE, age }, { taintedAt: 0 }, now);
    expect([at(49, 1000), at(50, 1000), at(49, monthMs), at(5000, monthMs - 1)]).toEqual(["full", "some", "none", "some"]);
    expect(suspicionOf(UNKNOWN_DEVICE, { taintedAt: null }, 1000)).toBe("none");
    expect(checkRate(ASSURANCE.standard, old, { boost: 1, suspicion: "some" })).toBe(0.25);
    expect(checkRate(ASSURANCE.standard, UNKNOWN_DEVICE, { boost: 1, suspicion: "some" })).toBe(ASSURANCE.standard.checkRateMax);
  });

  test("of what a cluster has on hold is a quarter when one device may be broken, and 1 when it lied for certain or is not the only one", () => {
    expect(redrawRate({ stage: "watched", othersAccused: 0 })).toBe(0.25);
    expect(redrawRate({ stage: "active", othersAccused: 0 })).toBe(0.25);
    expect(redrawRate({ stage: "watched", othersAccused: 1 })).toBe(1);
    expect(redrawRate({ stage: "burned", othersAccused: 0 })).toBe(1);
  });

  test("strata rise with age and stay in their number", () => {
    fc.assert(
      fc.property(fc.nat(1e9), fc.nat(1e6), (age, more) => {
        expect(stratumOf(age + more, "none")).toBeGreaterThanOrEqual(stratumOf(age, "some"));
        expect(stratumOf(age + more, "none")).toBeLessThan(STRATA_COUNT - 1);
      }),
    );
    expect(stratumOf(5, "full")).toBe(STRATA_COUNT - 1);
  });

  test("an attack doubles it up to a bound, and peace brings it back", () => {
    expect(nextBoost(1, true, 4)).toBe(2);
    expect(nextBoost(4, true, 4)).toBe(4);
    expect(nextBoost(2, false, 4)).toBeCloseTo(1.4);
    expect(nextBoost(1, false, 4)).toBe(1);
  });
});

describe("what is known of a device", () => {
  test("whatever happens, nothing is negative, a burned device stays burned, and being refuted never adds trust", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 300 }), (events) => {
        let trust: DeviceTrust = UNKNOWN_DEVICE;
        for (const event of events) {
          const next = foldTrust(trust, event);
          if (trust.stage === "burned") expect(next).toEqual(trust);
          if (event.kind === "refuted" && trust.stage !== "burned") expect([next.age, next.agreed]).toEqual([0, 0]);
          expect(Math.min(next.age, next.agreed, next.watchLeft)).toBeGreaterThanOrEqual(0);
          expect(next.strikes).toBeGreaterThanOrEqual(trust.strikes);
          trust = next;
        }
      }),
    );
  });

  test("one proven error is watched and forgiven with nothing behind it, the second time is the last", () => {
    const refuted: TrustEvent = { kind: "refuted", isCoordinated: false };
    const watched = foldTrust(old, refuted);
    expect(watched).toEqual({ stage: "watched", age: 0, agreed: 0, strikes: 1, watchLeft: WATCH_RESULTS });
    const forgiven = foldTrust(foldTrust(watched, { kind: "watched" }), { kind: "watch_ended" });
    expect(forgiven).toMatchObject({ stage: "active", age: 0, agreed: 0 });
    expect(foldTrust(foldTrust(forgiven, refuted), { kind: "watch_ended" }).stage).toBe("burned");
    expect(foldTrust(old, { kind: "refuted", isCoordinated: true }).stage).toBe("burned");
  });

  test("time halves it every 30 days and never adds", () => {
    const month = 30 * 24 * 3_600_000;
    const left = (trust: DeviceTrust, ms: number): DeviceTrust => fadeTrust({ trust, fadedAt: 0 }, ms).trust;
    expect(left({ ...UNKNOWN_DEVICE, age: 100, agreed: 40 }, month)).toMatchObject({ age: 50, agreed: 20 });
    fc.assert(
      fc.property(anyTrust, fc.nat(10 * month), (trust, ms) => {
        const faded = left(trust, ms);
        expect(faded.age).toBeLessThanOrEqual(trust.age);
        expect(faded.agreed).toBeLessThanOrEqual(trust.agreed);
        expect([faded.stage, faded.strikes, faded.watchLeft]).toEqual([trust.stage, trust.strikes, trust.watchLeft]);
      }),
    );
  });

  test("it fades by the time that passed, however often it is looked at in between", () => {
    const day = 24 * 3_600_000;
    fc.assert(
      fc.property(anyTrust, fc.array(fc.nat(3 * day), { maxLength: 50 }), (trust, pauses) => {
        let looked = { trust, fadedAt: 0 };
        let now = 0;
        for (const pause of pauses) {
          now += pause;
          looked = fadeTrust(looked, now);
        }
        const once = fadeTrust({ trust, fadedAt: 0 }, now);
        expect(looked.fadedAt).toBe(once.fadedAt);
        expect(looked.trust.age).toBeCloseTo(once.trust.age, 6);
        expect(looked.trust.agreed).toBeCloseTo(once.trust.agreed, 6);
      }),
    );
    let known = { trust: { ...UNKNOWN_DEVICE, age: 100, agreed: 20 }, fadedAt: 0 };
    for (let second = 1; second < 3600; second++) known = fadeTrust(known, 1000 * second);
    expect(known.trust).toMatchObject({ age: 100, agreed: 20 });
    // A clock that went back takes nothing and gives nothing.
    expect(fadeTrust({ ...known, fadedAt: 5 * day }, day)).toEqual({ trust: known.trust, fadedAt: 5 * day });
  });
});

describe("who checks, and what it shows", () => {
  test("trusted devices keep their share, and checkers are established, in good standing and of another cluster", () => {
    expect([chooseCheckerKind(TRUSTED_CHECK_SHARE - 1e-9), chooseCheckerKind(TRUSTED_CHECK_SHARE)]).toEqual(["trusted", "established"]);
    const primary = { trust: old, clusterId: "a" };
    expect(mayCheck({ trust: { ...old, agreed: 20 }, clusterId: "b" }, primary)).toBe(true);
    expect(mayCheck({ trust: { ...old, agreed: 19 }, clusterId: "b" }, primary)).toBe(false);
    expect(mayCheck({ trust: old, clusterId: "a" }, primary)).toBe(false);
    expect(mayCheck({ trust: { ...old, stage: "watched" }, clusterId: "b" }, primary)).toBe(false);
  });

  test("no device is refuted by anybody but a trusted one", () => {
    for (const by of ["established", "newcomer"] as const)
      for (const draw of [0, 0.04, 0.06, 0.99]) expect(judgeCheck({ by, isEqual: false, draw })).not.toBe("primary_refuted");
    expect(judgeCheck({ by: "trusted", isEqual: false, draw: 0 })).toBe("primary_refuted");
    expect(judgeCheck({ by: "newcomer", isEqual: false, draw: 0.06 })).toBe("newcomer_doubted");
    expect(judgeCheck({ by: "newcomer", isEqual: false, draw: 0.04 })).toBe("adjudicate");
  });

  test("a flood of wrong newcomers turns quarantine on, calm turns it off, and one in between changes nothing", () => {
    let flood = CALM;
    for (let i = 0; i < 40; i++) flood = foldFlood(flood, i % 4 === 0);
    expect(flood.isOn).toBe(true);
    expect(isQuarantined(UNKNOWN_DEVICE, ASSURANCE.standard, flood)).toBe(true);
    expect(isQuarantined({ ...UNKNOWN_DEVICE, agreed: 5 }, ASSURANCE.standard, flood)).toBe(false);
    expect(isQuarantined(UNKNOWN_DEVICE, ASSURANCE.standard, CALM)).toBe(false);
    expect(foldFlood({ wrongShare: 0.01, isOn: true }, false).isOn).toBe(true);
    expect(foldFlood({ wrongShare: 0.01, isOn: false }, false).isOn).toBe(false);
    for (let i = 0; i < 1000; i++) flood = foldFlood(flood, false);
    expect(flood.isOn).toBe(false);
  });
});

describe("the weight of evidence", () => {
  const vote = (group: string, clusterId: string, trust: DeviceTrust = UNKNOWN_DEVICE): Witness => ({ group, clusterId, trust, isTrusted: false });

  test("one device, however old, never decides alone where a class asks for two, and neither does one cluster", () => {
    fc.assert(
      fc.property(fc.constantFrom("instant", "critical"), fc.integer({ min: 1, max: 20 }), anyTrust, (name, count, trust) => {
        const votes = Array.from({ length: count }, () => vote("x", "one", trust));
        expect(weighEvidence(votes, ASSURANCE[name]).kind).toBe("open");
      }),
    );
  });

  test("two fresh independent devices decide an instant shard, a disagreement takes three against one, and a critical one asks for a history", () => {
    expect(weighEvidence([vote("x", "a"), vote("x", "b")], ASSURANCE.instant)).toMatchObject({ kind: "accepted", group: "x", witnesses: 2 });
    expect(weighEvidence([vote("x", "a"), vote("y", "b")], ASSURANCE.instant).kind).toBe("open");
    const disputed = [vote("x", "a"), vote("y", "b"), vote("x", "c")];
    expect(weighEvidence(disputed, ASSURANCE.instant).kind).toBe("open");
    expect(weighEvidence([...disputed, vote("x", "d")], ASSURANCE.instant)).toMatchObject({ kind: "accepted", group: "x" });
    expect(weighEvidence([vote("x", "a"), vote("x", "b")], ASSURANCE.critical).kind).toBe("open");
    expect(weighEvidence([vote("x", "a", old), vote("x", "b", old)], ASSURANCE.critical)).toMatchObject({ kind: "accepted", group: "x" });
  });

  test("order does not matter, and a trusted device settles", () => {
    const anyVote = fc.record({
      group: fc.constantFrom("x", "y"),
      clusterId: fc.constantFrom("a", "b", "c", "d"),
      trust: anyTrust,
      isTrusted: fc.constant(false),
    });
    fc.assert(
      fc.property(fc.array(anyVote, { maxLength: 8 }), anyRules, (votes, rules) => {
        expect(weighEvidence(votes.toReversed(), rules).kind).toBe(weighEvidence(votes, rules).kind);
      }),
    );
    expect(weighEvidence([vote("x", "a", old), { ...vote("y", "t"), isTrusted: true }], ASSURANCE.critical)).toMatchObject({ group: "y", credibility: 1 });
  });

  test("doubt falls with agreements, rises with strikes and has a floor", () => {
    fc.assert(
      fc.property(fc.nat(1e6), fc.nat(5), (agreed, strikes) => {
        const doubt = doubtOf({ ...UNKNOWN_DEVICE, agreed, strikes });
        expect(doubtOf({ ...UNKNOWN_DEVICE, agreed: agreed + 1, strikes })).toBeLessThanOrEqual(doubt);
        expect(doubtOf({ ...UNKNOWN_DEVICE, agreed, strikes: strikes + 1 })).toBeGreaterThanOrEqual(doubt);
        expect(doubt).toBeGreaterThanOrEqual(1e-3);
      }),
    );
  });
});
